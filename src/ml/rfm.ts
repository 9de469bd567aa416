/** What is known of each member: one value each, in the same order. */
export interface Purchases {
  /** Days since the last order; read only where there is one. */
  readonly recencyDays: Float64Array
  /** Orders placed; 0 makes a prospect. */
  readonly orders: Float64Array
  /** What they spent in all, net of refunds. */
  readonly spend: Float64Array
}

/** Each member's scores and what follows from them. Scores are 1 (worst) to 5 (best); 0 without an order. */
export interface RfmScores {
  readonly recency: Uint8Array
  readonly frequency: Uint8Array
  readonly monetary: Uint8Array
  readonly group: readonly RfmGroup[]
  /** Null without an order. */
  readonly value: readonly (MemberValue | null)[]
}

/** From the best to those who never ordered. */
export const rfmGroups = [
  'champions',
  'loyal',
  'active',
  'new',
  'promising',
  'needs-attention',
  'at-risk',
  'previously-loyal',
  'almost-lost',
  'dormant',
  'prospects',
] as const
export type RfmGroup = (typeof rfmGroups)[number]

export const memberValues = ['high', 'mid', 'low'] as const
export type MemberValue = (typeof memberValues)[number]

/**
 * Scores members by the merchant's own fifths: recency, frequency and money, 5 being the best (Hughes 1994). A single
 * order is always frequency 1: it says nothing about a habit, however rare habits are. Throws a RangeError on NaN.
 */
export function scoreRfm({ recencyDays, orders, spend }: Purchases): RfmScores {
  const buyers: number[] = []
  for (let i = 0; i < orders.length; i++) {
    if (Number.isNaN(orders[i]!)) throw new RangeError(`member ${i} has ${orders[i]} orders`)
    if (orders[i]! > 0) buyers.push(i)
  }
  const spread = (of: (member: number) => number) => {
    const scores = new Uint8Array(orders.length)
    const fifths = fifthsOf(Float64Array.from(buyers, of))
    buyers.forEach((member, place) => {
      scores[member] = fifths[place]!
    })
    return scores
  }
  const recency = spread((member) => -recencyDays[member]!)
  const frequency = spread((member) => orders[member]!)
  for (const member of buyers) if (orders[member] === 1) frequency[member] = 1
  const monetary = spread((member) => spend[member]!)
  return {
    recency,
    frequency,
    monetary,
    group: Array.from(recency, (_, i) => rfmGroupOf(recency[i]!, frequency[i]!, monetary[i]!)),
    value: Array.from(recency, (_, i) => memberValueOf(frequency[i]!, monetary[i]!)),
  }
}

/**
 * The fifth of each value, 1 to 5 from the least. Equal values share the fifth in which the middle of their ranks lies:
 * all of them equal gives 3 throughout. Throws a RangeError on NaN.
 */
export function fifthsOf(values: Float64Array): Uint8Array {
  const sorted = Float64Array.from(values).sort()
  // A typed array sorts NaN to its end.
  if (sorted.length > 0 && Number.isNaN(sorted.at(-1))) throw new RangeError('a value to score is NaN')
  // The least value of each fifth above the first: scores rise with values, so these are all that is needed.
  const from = new Float64Array(4).fill(Number.POSITIVE_INFINITY)
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1
    while (end < sorted.length && sorted[end] === sorted[start]) end += 1
    const fifth = Math.min(4, Math.floor((5 * (start + end)) / (2 * sorted.length)))
    for (let f = 0; f < fifth; f++) from[f] = Math.min(from[f]!, sorted[start]!)
    start = end
  }
  return Uint8Array.from(values, (value) => {
    let fifth = 1
    while (fifth < 5 && value >= from[fifth - 1]!) fifth += 1
    return fifth
  })
}

/**
 * Rows: recency 1 to 5; columns: the mean of frequency and money, rounded up, 1 to 5. Whoever ordered once and lately is
 * told apart before this table is read.
 */
const TABLE: readonly (readonly RfmGroup[])[] = [
  ['dormant', 'dormant', 'at-risk', 'previously-loyal', 'previously-loyal'],
  ['almost-lost', 'almost-lost', 'at-risk', 'at-risk', 'at-risk'],
  ['needs-attention', 'needs-attention', 'needs-attention', 'loyal', 'loyal'],
  ['active', 'active', 'active', 'loyal', 'champions'],
  ['active', 'active', 'loyal', 'champions', 'champions'],
]

/** The group of scores from 1 to 5 each; `prospects` where they are 0. Every combination has one. */
export function rfmGroupOf(recency: number, frequency: number, monetary: number): RfmGroup {
  if (recency === 0) return 'prospects'
  if (frequency === 1 && recency === 5) return 'new'
  if (frequency === 1 && recency === 4) return 'promising'
  return TABLE[recency - 1]![Math.ceil((frequency + monetary) / 2) - 1]!
}

/** What a member is worth, however long ago: high from a sum of frequency and money of 8, low up to 4. Null without an order. */
export function memberValueOf(frequency: number, monetary: number): MemberValue | null {
  if (frequency === 0) return null
  const sum = frequency + monetary
  return sum >= 8 ? 'high' : sum <= 4 ? 'low' : 'mid'
}
