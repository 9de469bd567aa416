import type { Db } from '../../db/sql'
import { type RfmGroup, rfmGroups } from '../../ml/rfm'
import type { Localised } from '../locale'

export const STRATEGY_CHARACTERS_MAX = 1_000

export type StrategyOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'unknown-segment'; readonly known: readonly string[] }
  | { readonly ok: false; readonly code: 'text-empty' | 'text-too-long' }

/**
 * Writes down what to do about a group or a cluster. It stands until it is written anew: training and scoring leave it
 * alone, and it stays with its cluster as long as trainings find that cluster.
 * Refusals: unknown-segment, text-empty, text-too-long.
 */
export async function setStrategy(
  db: Db,
  { code, texts, at }: { code: string; texts: Localised; at: Date },
): Promise<StrategyOutcome> {
  const [en, zh] = [texts.en.trim(), texts.zh.trim()]
  if (en === '' || zh === '') return { ok: false, code: 'text-empty' }
  if (en.length > STRATEGY_CHARACTERS_MAX || zh.length > STRATEGY_CHARACTERS_MAX) {
    return { ok: false, code: 'text-too-long' }
  }
  if (!rfmGroups.includes(code as RfmGroup)) {
    const clusters = await db.sql<{ code: string }>`select code from segment_cluster order by place`
    const known = [...rfmGroups, ...clusters.map((row) => row.code)]
    if (!known.includes(code)) return { ok: false, code: 'unknown-segment', known }
  }
  await db.sql`
    insert into segment_strategy (code, text_en, text_zh, edited_at) values (${code}, ${en}, ${zh}, ${at})
    on conflict (code) do update set text_en = excluded.text_en, text_zh = excluded.text_zh, edited_at = excluded.edited_at`
  return { ok: true }
}
