import type { LifecycleStage } from './lifecycle'
import type { RfmGroup } from './rfm'

/** What members did after they were given their labels. */
export interface Afterwards {
  /** 1: bought within the time looked at. */
  readonly bought: Uint8Array
  readonly spend: Float64Array
}

export interface LabelFigures {
  readonly members: number
  readonly share: number
  readonly boughtShare: number
  readonly laterSpend: number
  readonly laterSpendShare: number
  readonly laterSpendMean: number
}

/** Size and later spend of each label of `order`; members whose label is null are left out throughout. */
export function figuresByLabel<Label extends string>(
  labels: readonly (Label | null)[],
  order: readonly Label[],
  { bought, spend }: Afterwards,
): Record<Label, LabelFigures> {
  const labelled = labels.flatMap((label, i) => (label === null ? [] : [i]))
  const total = labelled.reduce((sum, i) => sum + spend[i]!, 0)
  const entries = order.map((label) => {
    const own = labelled.filter((i) => labels[i] === label)
    const laterSpend = own.reduce((sum, i) => sum + spend[i]!, 0)
    const came = own.reduce((sum, i) => sum + bought[i]!, 0)
    const figures: LabelFigures = {
      members: own.length,
      share: ratio(own.length, labelled.length),
      boughtShare: ratio(came, own.length),
      laterSpend,
      laterSpendShare: ratio(laterSpend, total),
      laterSpendMean: ratio(laterSpend, own.length),
    }
    return [label, figures] as const
  })
  return Object.fromEntries(entries) as Record<Label, LabelFigures>
}

/** The share of the variance of (the logarithm of) later spend that lies between the labels: 0 says nothing of it, 1 all (η²). */
export function spendExplained(labels: readonly (string | null)[], { spend }: Afterwards): number {
  const sums = new Map<string, { count: number; sum: number }>()
  let [count, sum, squares] = [0, 0, 0]
  labels.forEach((label, i) => {
    if (label === null) return
    const value = Math.log1p(Math.max(0, spend[i]!))
    const own = sums.get(label) ?? { count: 0, sum: 0 }
    sums.set(label, { count: own.count + 1, sum: own.sum + value })
    count += 1
    sum += value
    squares += value ** 2
  })
  if (count === 0) return 0
  let between = 0
  for (const own of sums.values()) between += own.sum ** 2 / own.count
  return ratio(between - sum ** 2 / count, squares - sum ** 2 / count)
}

/** What a label says of the time to come, and how far that is true. */
export interface ClaimFigures {
  readonly says: 'stays-away' | 'buys'
  readonly called: number
  readonly happened: number
  /** Of those who were called so: the share of whom it was true. Null where nobody was called so. */
  readonly precision: number | null
  /** Of those of whom it was true: the share who were called so. Null where it was true of nobody. */
  readonly recall: number | null
  /** The share of all of whom it was true: the precision of a call by lot. */
  readonly base: number | null
}

/** How far a call comes true, among members i with `seen(i)`. */
export function claimFigures(
  says: ClaimFigures['says'],
  called: readonly (boolean | null)[],
  { bought }: Pick<Afterwards, 'bought'>,
): ClaimFigures {
  let [all, calls, happened, right] = [0, 0, 0, 0]
  called.forEach((isCalled, i) => {
    if (isCalled === null) return
    const isTrue = (bought[i] === 1) === (says === 'buys')
    all += 1
    if (isCalled) calls += 1
    if (isTrue) happened += 1
    if (isCalled && isTrue) right += 1
  })
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole)
  return {
    ...{ says, called: calls, happened },
    ...{ precision: share(right, calls), recall: share(right, happened), base: share(happened, all) },
  }
}

/** Those who buy often or for much. */
const ITS_LIKE: readonly RfmGroup[] = ['champions', 'loyal', 'at-risk', 'previously-loyal']
const LEAVING_GROUPS: readonly RfmGroup[] = ['at-risk', 'previously-loyal', 'almost-lost', 'dormant']
const STAYING_GROUPS: readonly RfmGroup[] = ['champions', 'loyal']
const LEAVING_STAGES: readonly LifecycleStage[] = ['at-risk', 'lapsed', 'churned']
const STAYING_STAGES: readonly LifecycleStage[] = ['loyal', 'active']

/** What the groups and stages claim, one by one and taken together, held against what happened. */
export function labelClaims(
  { groups, stages }: { groups: readonly RfmGroup[]; stages: readonly (LifecycleStage | null)[] },
  afterwards: Afterwards,
) {
  // Whoever never ordered can't stay away.
  const ofGroups = (says: ClaimFigures['says'], those: readonly RfmGroup[]) =>
    claimFigures(
      says,
      groups.map((group) => (group === 'prospects' ? null : those.includes(group))),
      afterwards,
    )
  const ofStages = (says: ClaimFigures['says'], those: readonly LifecycleStage[]) =>
    claimFigures(
      says,
      stages.map((stage) => (stage === null ? null : those.includes(stage))),
      afterwards,
    )
  return {
    'group at-risk': ofGroups('stays-away', ['at-risk']),
    // Who used to buy much comes back more readily than others: against its own like, the name says more.
    'group at-risk among its like': claimFigures(
      'stays-away',
      groups.map((group) => (ITS_LIKE.includes(group) ? group === 'at-risk' : null)),
      afterwards,
    ),
    'groups at-risk, previously-loyal, almost-lost, dormant': ofGroups('stays-away', LEAVING_GROUPS),
    'groups champions, loyal': ofGroups('buys', STAYING_GROUPS),
    'stage at-risk': ofStages('stays-away', ['at-risk']),
    'stages at-risk, lapsed, churned': ofStages('stays-away', LEAVING_STAGES),
    'stages loyal, active': ofStages('buys', STAYING_STAGES),
  }
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
