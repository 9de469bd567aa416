import { copyText, copyTransaction } from '../../db/copy'
import type { Database } from '../../db/open'
import { churnThemes, valuesOf } from '../../ml/churn-features'
import type { ChurnModel, ChurnScores } from '../../ml/churn-model'
import { AGE_DAYS_MIN, featuresAt } from '../../ml/churn-origins'
import { unpackChurn } from '../../ml/churn-pack'
import { reasonFinder } from '../../ml/churn-reasons'
import { openChurnPool, scoreInParallel } from '../../ml/churn-task'
import { type ChurnStakes, stakesOf } from '../../ml/churn-value'
import type { Table } from '../../ml/table'
import type { ScoreContext, ScoreResult } from '../training/trainer'
import { type ReadHistories, readHistories } from './read-histories'

/**
 * Writes of every member how likely it is to leave, why, and what would be lost, as of its books date. Members without
 * an order, or too new to be told apart, get the reason instead of a chance. Without a model the table is emptied: a
 * score of a model that is no longer in use is no score.
 */
export async function scoreChurnOfMembers(database: Database, context: ScoreContext): Promise<ScoreResult> {
  const { at, threads, onProgress } = context
  if (!context.model) {
    await database.sql`delete from member_churn`
    return { scored: 0 }
  }
  const model = unpackChurn(context.model.bytes)
  const read = await readHistories(database, { at })
  onProgress(0.2)
  const { table } = featuresAt(read.histories, 0, model, { bgnbd: model.bgnbd })
  onProgress(0.4)
  const scores = await scoreTable(model, table, threads)
  const stakes = stakesOf(model, table)
  onProgress(0.6)
  return write(database, { read, table, scores, stakes, model, modelId: context.model.id, onProgress })
}

async function scoreTable(model: ChurnModel, table: Table, threads: number): Promise<ChurnScores> {
  const pool = openChurnPool(threads)
  try {
    return await scoreInParallel(pool, model, table)
  } finally {
    await pool.close()
  }
}

interface Writing {
  read: ReadHistories
  table: Table
  scores: ChurnScores
  stakes: ChurnStakes
  model: ChurnModel
  modelId: number
  onProgress: ScoreContext['onProgress']
}

const ROWS_A_COPY = 20_000

async function write(database: Database, writing: Writing): Promise<Record<string, number>> {
  const members = writing.read.members.size
  const rowOf = rowWriter(writing)
  const counts = { scored: 0, noOrders: 0, tooNew: 0 }
  await copyTransaction(database, async (tx) => {
    await tx.sql`delete from member_churn`
    for (let from = 0; from < members; from += ROWS_A_COPY) {
      const to = Math.min(members, from + ROWS_A_COPY)
      let text = ''
      for (let member = from; member < to; member++) {
        const row = rowOf(member)
        counts[row.counts] += 1
        text += row.text
      }
      await tx.copyIn(
        `copy member_churn (member_id, as_of, risk, unscored, window_days, gap_days, reasons, expected_orders,
          value_at_stake_minor, model_id) from stdin`,
        text,
      )
      writing.onProgress(0.6 + (0.4 * to) / members)
    }
  })
  return counts
}

function rowWriter(writing: Writing): (member: number) => { counts: 'scored' | 'noOrders' | 'tooNew'; text: string } {
  const { read, table, scores, stakes, model, modelId } = writing
  const dates = read.booksDates.map((date) => date.toISOString())
  const age = valuesOf(table, 'daysSinceFirst')
  const rhythm = valuesOf(table, 'rhythmDays')
  const findReasons = reasonFinder(table)
  return (member) => {
    const head = `${copyText(read.members.id(member))}\t${dates[read.sourceOf[member]!]}`
    if (!(age[member]! >= AGE_DAYS_MIN)) {
      const isNew = age[member]! >= 0
      const why = isNew ? 'too-new' : 'no-orders'
      return {
        counts: isNew ? 'tooNew' : 'noOrders',
        text: `${head}\t\\N\t${why}\t\\N\t\\N\t[]\t\\N\t\\N\t${modelId}\n`,
      }
    }
    const reasons = JSON.stringify(findReasons(member, scores.pull, member * churnThemes.length))
    const stake = [numberText(stakes.orders[member]!, 4), numberText(stakes.valueMinor[member]!, 0)]
    const score = [scores.risk[member]!.toFixed(6), '\\N', rhythm[member]!, model.gapDays]
    return { counts: 'scored', text: `${head}\t${[...score, reasons, ...stake, modelId].join('\t')}\n` }
  }
}

function numberText(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '\\N'
}
