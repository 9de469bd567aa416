import { fitTopicFrequency, fitTopicTransitions, likeliestTopics, type TopicSteps } from '../../src/ml/topic-steps'

/** Rows of [before, topic, next]. */
function stepsOf(topics: number, rows: readonly (readonly [number, number, number])[]): TopicSteps {
  const column = (place: 0 | 1 | 2) => Int32Array.from(rows, (row) => row[place])
  return { topics, before: column(0), topic: column(1), next: column(2) }
}

const sum = (shares: Float64Array) => shares.reduce((total, share) => total + share, 0)

test('the two last topics decide where they were seen, the last one elsewhere, all people where nothing was seen', () => {
  const steps = stepsOf(5, [
    ...Array.from({ length: 20 }, () => [-1, 0, 1] as const),
    ...Array.from({ length: 10 }, () => [2, 0, 3] as const),
    ...Array.from({ length: 40 }, () => [-1, 1, 4] as const),
  ])
  const model = fitTopicTransitions(steps)
  const best = (before: number, topic: number) => likeliestTopics(model.shares(before, topic), 1, [])[0]
  expect(best(-1, 0)).toBe(1)
  expect(best(2, 0)).toBe(3)
  // Nobody asked 1 and then 0: those who asked 0 speak.
  expect(best(1, 0)).toBe(1)
  expect(best(-1, 3)).toBe(4)
  expect(likeliestTopics(fitTopicFrequency(steps).shares(-1, 0), 2, [])).toEqual([4, 1])
})

test('shares are above 0 and sum to 1, whatever came before', () => {
  const model = fitTopicTransitions(
    stepsOf(4, [
      [-1, 0, 1],
      [0, 1, 2],
      [0, 1, 3],
      [-1, 2, 0],
    ]),
  )
  for (let before = -1; before < 4; before++) {
    for (let topic = 0; topic < 4; topic++) {
      const shares = model.shares(before, topic)
      expect(sum(shares)).toBeCloseTo(1, 12)
      expect(Math.min(...shares)).toBeGreaterThan(0)
    }
  }
})

test('a level is believed less the more different things came after it (Witten and Bell)', () => {
  // After 0: one thing four times; after 1: four things once each. Everybody: 1 + counts of 8 steps over 6 topics.
  const steps = stepsOf(6, [
    ...[2, 2, 2, 2].map((next) => [-1, 0, next] as const),
    ...[2, 3, 4, 5].map((next) => [-1, 1, next] as const),
  ])
  const model = fitTopicTransitions(steps)
  const everybody = fitTopicFrequency(steps).shares(-1, 0)
  expect(everybody[2]).toBeCloseTo(6 / 14, 12)
  expect(model.shares(-1, 0)[2]).toBeCloseTo((4 + 1 * (6 / 14)) / 5, 12)
  expect(model.shares(-1, 1)[2]).toBeCloseTo((1 + 4 * (6 / 14)) / 8, 12)
})

test('what was just asked is left out, ties go to the lower number', () => {
  expect(likeliestTopics(Float64Array.of(0.1, 0.3, 0.3, 0.2), 2, [1])).toEqual([2, 3])
  expect(likeliestTopics(Float64Array.of(0.5, 0.5), 5, [])).toEqual([0, 1])
})
