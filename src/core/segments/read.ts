import type { Db } from '../../db/sql'
import { lifecycleStages } from '../../ml/lifecycle'
import { rfmGroups } from '../../ml/rfm'
import type { Localised } from '../locale'
import { groupTexts, stageNames } from './texts'

/** Members who belong together, for people who run the shop. Spend is net, in minor units. */
export interface Segment {
  readonly code: string
  readonly name: Localised
  readonly members: number
  readonly share: number
  readonly spendMinor: number
  readonly spendShare: number
}

export interface StrategicSegment extends Segment {
  readonly words: Localised
  readonly strategy: Localised
  /** When the manager wrote the strategy; null: it is the one to start with. */
  readonly editedAt: Date | null
}

export interface SegmentCluster extends StrategicSegment {
  /** What is typical of its members, by name of the figure. */
  readonly centre: Readonly<Record<string, number>>
}

export interface Segments {
  /** Members that were scored; 0 until then. */
  readonly members: number
  readonly groups: readonly StrategicSegment[]
  /** Empty until a model is in use. */
  readonly clusters: readonly SegmentCluster[]
  readonly stages: readonly Segment[]
}

interface Size {
  by: 'group' | 'cluster' | 'stage'
  code: string
  members: number
  spendMinor: number
}

interface Strategy {
  code: string
  en: string
  zh: string
  editedAt: Date
}

/** All groups and stages with their sizes, those without members too, and the clusters of the last scoring. */
export async function readSegments(db: Db): Promise<Segments> {
  const sizes = await readSizes(db)
  const clusters = await db.sql<ClusterRow>`
    select code, name_en as "nameEn", name_zh as "nameZh", words_en as "wordsEn", words_zh as "wordsZh",
      strategy_en as "strategyEn", strategy_zh as "strategyZh", centre
    from segment_cluster order by place`
  const edited = await db.sql<Strategy>`
    select code, text_en as en, text_zh as zh, edited_at as "editedAt" from segment_strategy`
  const members = sum(sizes, 'group', 'members')
  const sized = (by: Size['by'], code: string, name: Localised): Segment => {
    const own = sizes.find((size) => size.by === by && size.code === code)
    return {
      ...{ code, name, members: own?.members ?? 0, share: ratio(own?.members, members) },
      ...{ spendMinor: own?.spendMinor ?? 0, spendShare: ratio(own?.spendMinor, sum(sizes, 'group', 'spendMinor')) },
    }
  }
  const strategyOf = (code: string, first: Localised) => {
    const own = edited.find((strategy) => strategy.code === code)
    return own ? { strategy: { en: own.en, zh: own.zh }, editedAt: own.editedAt } : { strategy: first, editedAt: null }
  }
  return {
    members,
    groups: rfmGroups.map((code) => {
      const { name, words, strategy } = groupTexts[code]
      return { ...sized('group', code, name), words, ...strategyOf(code, strategy) }
    }),
    clusters: clusters.map((row) => ({
      ...sized('cluster', row.code, { en: row.nameEn, zh: row.nameZh }),
      words: { en: row.wordsEn, zh: row.wordsZh },
      ...strategyOf(row.code, { en: row.strategyEn, zh: row.strategyZh }),
      centre: row.centre,
    })),
    stages: lifecycleStages.map((code) => sized('stage', code, stageNames[code])),
  }
}

interface ClusterRow {
  code: string
  nameEn: string
  nameZh: string
  wordsEn: string
  wordsZh: string
  strategyEn: string
  strategyZh: string
  centre: Record<string, number>
}

function readSizes(db: Db): Promise<Size[]> {
  return db.sql<Size>`
    select case when grouping(rfm_group) = 0 then 'group' when grouping(cluster) = 0 then 'cluster' else 'stage' end as by,
      coalesce(rfm_group, cluster, stage) as code, count(*) as members, sum(spend_minor)::bigint as "spendMinor"
    from member_segment
    group by grouping sets ((rfm_group), (cluster), (stage))
    having coalesce(rfm_group, cluster, stage) is not null`
}

function sum(sizes: readonly Size[], by: Size['by'], what: 'members' | 'spendMinor'): number {
  return sizes.reduce((total, size) => (size.by === by ? total + size[what] : total), 0)
}

function ratio(part: number | undefined, whole: number): number {
  return whole === 0 ? 0 : (part ?? 0) / whole
}
