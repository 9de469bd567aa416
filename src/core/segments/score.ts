import { type CopyTx, copyText, copyTransaction } from '../../db/copy'
import type { Database } from '../../db/open'
import { describeClusters } from '../../ml/cluster-words'
import { buyersOf, labelByRules, type RuleLabels } from '../../ml/segment-trial'
import { type ReadHistories, readHistories } from '../churn/read-histories'
import { readMerchant } from '../merchant'
import type { ScoreContext, ScoreResult } from '../training/trainer'
import { memberColumns, tradeOf } from './member-columns'
import { assignMembers, centresOf, codeNumber, type SegmentModel, unpackSegments } from './model'
import { writeMoney } from './money'

/**
 * Writes where each member stands: RFM scores, group, value and stage by rules, which need no model, and the cluster where
 * a model is in use. One transaction replaces all that was there; two at once take turns.
 */
export async function scoreSegments(database: Database, { at, model, onProgress }: ScoreContext): Promise<ScoreResult> {
  const read = await readHistories(database, { at })
  onProgress(0.4)
  const rules = labelByRules(tradeOf(read.histories), new Float64Array(read.histories.customers))
  const segments = model && unpackSegments(model.bytes)
  const clusterOf = new Int32Array(read.histories.customers).fill(-1)
  if (segments) {
    const members = buyersOf(rules.seen)
    const clusters = assignMembers(segments, memberColumns(read.histories, { seen: rules.seen, members, cut: 0 }))
    members.forEach((member, place) => {
      clusterOf[member] = clusters[place]!
    })
  }
  onProgress(0.6)
  const { currency } = await readMerchant(database)
  await copyTransaction(database, async (tx) => {
    await tx.sql`select pg_advisory_xact_lock(hashtext('regulars segments'))`
    await tx.sql`delete from member_segment`
    await tx.sql`delete from segment_cluster`
    await copyMembers(tx, { read, rules, clusterOf, codes: segments?.codes ?? [] })
    if (segments && model) await copyClusters(tx, { segments, clusterOf, modelId: model.id, currency })
  })
  onProgress(1)
  return {
    members: read.histories.customers,
    withOrders: buyersOf(rules.seen).length,
    clusters: segments?.codes.length ?? 0,
    groups: tally(rules.rfm.group),
    stages: tally(rules.stages),
    ...(model && !segments ? { note: 'the model in use is of another version; train again' } : {}),
  }
}

/** Members a COPY; their rows are text until they are sent. */
const ROWS_AT_ONCE = 50_000

interface MemberRows {
  readonly read: ReadHistories
  readonly rules: RuleLabels
  readonly clusterOf: Int32Array
  readonly codes: readonly string[]
}

async function copyMembers(tx: CopyTx, rows: MemberRows): Promise<void> {
  const { customers } = rows.read.histories
  for (let from = 0; from < customers; from += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, customers - from)
    await tx.copyIn(
      `copy member_segment (member_id, as_of, recency_days, order_days, spend_minor, recency_score, frequency_score,
        monetary_score, rfm_group, value, cluster, stage) from stdin`,
      Array.from({ length: count }, (_, i) => memberRow(rows, from + i)).join(''),
    )
  }
}

function memberRow({ read, rules, clusterOf, codes }: MemberRows, member: number): string {
  const { seen, rfm, stages } = rules
  return line([
    read.members.id(member),
    read.booksDates[read.sourceOf[member]!]?.toISOString() ?? null,
    seen.orders[member]! > 0 ? seen.recencyDays[member]! : null,
    ...[seen.orders[member]!, seen.spend[member]!],
    ...[rfm.recency[member]!, rfm.frequency[member]!, rfm.monetary[member]!],
    ...[rfm.group[member]!, rfm.value[member]!],
    codes[clusterOf[member]!] ?? null,
    stages[member]!,
  ])
}

async function copyClusters(
  tx: CopyTx,
  of: { segments: SegmentModel; clusterOf: Int32Array; modelId: number; currency: string },
): Promise<void> {
  const { segments, clusterOf, modelId, currency } = of
  const centres = centresOf(segments)
  const described = describeClusters(centres, (minor) => writeMoney(minor, currency))
  const sizes = new Uint32Array(segments.codes.length)
  for (const cluster of clusterOf) if (cluster >= 0) sizes[cluster]! += 1
  await tx.copyIn(
    `copy segment_cluster (code, place, name_en, name_zh, words_en, words_zh, strategy_en, strategy_zh, members, centre,
      model_id) from stdin`,
    described
      .map(({ name, words, strategy }, c) =>
        line([
          ...[
            segments.codes[c]!,
            codeNumber(segments.codes[c]!),
            name.en,
            name.zh,
            words.en,
            words.zh,
            strategy.en,
            strategy.zh,
          ],
          ...[sizes[c]!, JSON.stringify(centres[c]?.centre), modelId],
        ]),
      )
      .join(''),
  )
}

function line(fields: readonly (string | number | null)[]): string {
  return `${fields.map((field) => copyText(field === null ? null : String(field))).join('\t')}\n`
}

function tally(labels: readonly (string | null)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const label of labels) if (label !== null) counts[label] = (counts[label] ?? 0) + 1
  return counts
}
