/** What was asked after what: topics as numbers from 0, one row for each time that somebody asked on. */
export interface TopicSteps {
  readonly topics: number
  /** The topic before the last, or −1 where there was none. */
  readonly before: Int32Array
  readonly topic: Int32Array
  readonly next: Int32Array
}

/** Chances of what is asked next. */
export interface TopicModel {
  /** The share of each topic after `topic`, itself after `before` (−1: nothing, or it does not matter). Sums to 1. */
  shares(before: number, topic: number): Float64Array
}

/** The floor: what is asked most, whatever came before. */
export function fitTopicFrequency({ topics, next }: TopicSteps): TopicModel {
  const counts = new Float64Array(topics).fill(1)
  for (const one of next) counts[one]! += 1
  const shares = counts.map((count) => count / (next.length + topics))
  return { shares: () => shares }
}

/**
 * Counts of what people who asked the same went on to ask: of those who asked the same two topics, backed off to the
 * same last one, backed off to everybody. Each level has as much say as Witten and Bell give it (1991, "The zero-frequency
 * problem", method C): the fewer different things came after, the more it is to be believed.
 */
export function fitTopicTransitions(steps: TopicSteps): TopicModel {
  const { topics, before, topic, next } = steps
  const afterOne = new Map<number, Map<number, number>>()
  const afterTwo = new Map<number, Map<number, number>>()
  for (let k = 0; k < next.length; k++) {
    count(afterOne, topic[k]!, next[k]!)
    if (before[k]! >= 0) count(afterTwo, before[k]! * topics + topic[k]!, next[k]!)
  }
  const everybody = fitTopicFrequency(steps).shares(-1, 0)
  return {
    shares(earlier, last) {
      const one = interpolated(afterOne.get(last), everybody)
      return earlier < 0 ? one : interpolated(afterTwo.get(earlier * topics + last), one)
    },
  }
}

function count(into: Map<number, Map<number, number>>, context: number, next: number): void {
  const counts = into.get(context) ?? new Map<number, number>()
  counts.set(next, (counts.get(next) ?? 0) + 1)
  into.set(context, counts)
}

function interpolated(counts: ReadonlyMap<number, number> | undefined, backOff: Float64Array): Float64Array {
  if (!counts) return backOff
  let total = 0
  for (const each of counts.values()) total += each
  const shares = backOff.map((share) => (share * counts.size) / (total + counts.size))
  for (const [topic, each] of counts) shares[topic]! += each / (total + counts.size)
  return shares
}

/** The `count` topics with the largest shares, without those of `except`. */
export function likeliestTopics(shares: Float64Array, count: number, except: readonly number[]): number[] {
  return Array.from(shares, (_, topic) => topic)
    .filter((topic) => !except.includes(topic))
    .sort((a, b) => shares[b]! - shares[a]! || a - b)
    .slice(0, count)
}
