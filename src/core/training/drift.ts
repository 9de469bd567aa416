import type { Db } from '../../db/sql'
import { populationStability } from '../../ml/population-stability'

/** From here on the members of today are clearly other ones than those the model was made for (the usual rule of thumb). */
const DRIFTED_FROM = 0.25
const BINS = 10

/** Where today's churn scores lie: members in each tenth of the risk, by the model that scored them. */
export interface ScoreSpread {
  readonly modelId: number | null
  readonly scored: number
  readonly counts: readonly number[]
}

/** Counts today's churn scores. */
export async function readScoreSpread(db: Db): Promise<ScoreSpread> {
  const rows = await db.sql<{ bin: number; members: number; modelId: number }>`
    select least(floor(risk * ${BINS}::int), ${BINS}::int - 1)::int as bin, count(*)::int as members, max(model_id) as "modelId"
    from member_churn where risk is not null group by 1`
  const counts = Array.from({ length: BINS }, (_, bin) => rows.find((row) => row.bin === bin)?.members ?? 0)
  const scored = counts.reduce((sum, count) => sum + count, 0)
  return { modelId: rows.length === 0 ? null : Math.max(...rows.map(({ modelId }) => modelId)), scored, counts }
}

/** Holds a spread against an earlier one of the same model. */
export function driftBetween(
  before: Pick<ScoreSpread, 'counts'>,
  now: Pick<ScoreSpread, 'counts'>,
): { stability: number; isDrifted: boolean } {
  const stability = populationStability(before.counts, now.counts)
  return { stability, isDrifted: stability >= DRIFTED_FROM }
}
