import type { Db } from '../../db/sql'
import type { LifecycleStage } from '../../ml/lifecycle'
import type { RfmGroup } from '../../ml/rfm'
import type { Localised } from '../locale'
import { groupTexts, stageNames } from './texts'

/** Where a member stands by the last scoring, in words. */
export interface MemberPlace {
  readonly segment: Localised
  readonly cluster: Localised | null
  readonly stage: Localised | null
  /** What to do about members like this one: the cluster's where there is one, else the group's; the manager's words first. */
  readonly strategy: Localised
}

interface Row {
  rfmGroup: RfmGroup
  stage: LifecycleStage | null
  clusterEn: string | null
  clusterZh: string | null
  strategyEn: string | null
  strategyZh: string | null
}

/** The member's place; null for one whom no scoring has seen. One round trip. */
export async function readMemberPlace(db: Db, { memberId }: { memberId: string }): Promise<MemberPlace | null> {
  const [row] = await db.sql<Row>`
    select scored.rfm_group as "rfmGroup", scored.stage, cluster.name_en as "clusterEn", cluster.name_zh as "clusterZh",
      coalesce(own.text_en, cluster.strategy_en, by_group.text_en) as "strategyEn",
      coalesce(own.text_zh, cluster.strategy_zh, by_group.text_zh) as "strategyZh"
    from member_segment scored
      left join segment_cluster cluster on cluster.code = scored.cluster
      left join segment_strategy own on own.code = cluster.code
      left join segment_strategy by_group on by_group.code = scored.rfm_group
    where scored.member_id = ${memberId}`
  if (!row) return null
  const { name, strategy } = groupTexts[row.rfmGroup]
  const { clusterEn, clusterZh, strategyEn, strategyZh, stage } = row
  return {
    segment: name,
    cluster: clusterEn !== null && clusterZh !== null ? { en: clusterEn, zh: clusterZh } : null,
    stage: stage === null ? null : stageNames[stage],
    strategy: strategyEn !== null && strategyZh !== null ? { en: strategyEn, zh: strategyZh } : strategy,
  }
}
