import { fitRhythm, type LifecycleStage, lifecycleStages, lifecycleStagesAt, type Rhythm } from './lifecycle'
import type { MemberColumn } from './member-space'
import { historiesBefore, type MemberTrade, type PurchasesSeen, purchasesAt, tradeWithin } from './purchases'
import { memberValues, type RfmGroup, type RfmScores, rfmGroups, scoreRfm } from './rfm'
import { type Afterwards, figuresByLabel, labelClaims, spendExplained } from './segment-figures'

/** What the rules say of each member at a cut. */
export interface RuleLabels {
  readonly seen: PurchasesSeen
  readonly rfm: RfmScores
  readonly stages: readonly (LifecycleStage | null)[]
  readonly rhythm: Rhythm
}

/** Groups and stages of all members at the end of the day before `cut[c]`. Nothing from the cut on is read. */
export function labelByRules(trade: MemberTrade, cut: ArrayLike<number>): RuleLabels {
  const seen = purchasesAt(trade, cut)
  const rhythm = fitRhythm(historiesBefore(trade.sales, cut))
  return { seen, rfm: scoreRfm(seen), stages: lifecycleStagesAt(rhythm, trade.sales, cut), rhythm }
}

/**
 * How members behave counts half of when, how often and for how much they buy: most of them send nothing back and ask
 * nothing, and the few who do shall be told apart without taking over.
 */
export const BEHAVIOUR_WEIGHT = 0.5

/** What is known of these members' purchases, as columns to put them on axes by. */
export function purchaseColumns(
  { recencyDays, orders, spend, returnsShare }: PurchasesSeen,
  members: ArrayLike<number>,
): MemberColumn[] {
  const of = (values: Float64Array) => Float64Array.from(members, (member) => values[member]!)
  return [
    { name: 'recencyDays', scale: 'log', values: of(recencyDays) },
    { name: 'orders', scale: 'log', values: of(orders) },
    { name: 'spend', scale: 'log', values: of(spend) },
    { name: 'returnsShare', scale: 'plain', weight: BEHAVIOUR_WEIGHT, values: of(returnsShare) },
  ]
}

/** The members who had ordered by the cut. */
export function buyersOf({ orders }: Pick<PurchasesSeen, 'orders'>): Uint32Array {
  return Uint32Array.from(orders.keys()).filter((member) => orders[member]! > 0)
}

/** What the labels at a cut say of the `days` after it, for members who had ordered by then. */
export interface RuleTrial {
  readonly labels: RuleLabels
  readonly afterwards: Afterwards
  readonly figures: ReturnType<typeof trialFigures>
}

export function tryRules(trade: MemberTrade, { cut, days }: { cut: number; days: number }): RuleTrial {
  const cuts = new Float64Array(trade.sales.customers).fill(cut)
  const labels = labelByRules(trade, cuts)
  const afterwards = tradeWithin(trade, cuts, new Float64Array(cuts.length).fill(cut + days))
  return { labels, afterwards, figures: trialFigures(labels, afterwards) }
}

function trialFigures({ rfm, stages }: RuleLabels, afterwards: Afterwards) {
  // Prospects were no customers yet: they can neither stay nor leave.
  const groups = rfm.group.map((group) => (group === 'prospects' ? null : group))
  const named = rfmGroups.filter((group): group is Exclude<RfmGroup, 'prospects'> => group !== 'prospects')
  return {
    segments: figuresByLabel(groups, named, afterwards),
    values: figuresByLabel(rfm.value, memberValues, afterwards),
    stages: figuresByLabel(stages, lifecycleStages, afterwards),
    spendExplained: { segments: spendExplained(groups, afterwards), stages: spendExplained(stages, afterwards) },
    labels: labelClaims({ groups: rfm.group, stages }, afterwards),
  }
}
