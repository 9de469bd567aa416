import { simulate } from '../../../src/core/simulation/simulate'

describe('win-back on an invented merchant', () => {
  const seen: number[] = []
  const result = simulate({ members: 6_000, periods: 22, seed: 3, onProgress: (share) => seen.push(share) })
  const net = Object.fromEntries(result.worlds.map(({ policy, netMinor }) => [policy, netMinor]))

  test('sending by expected gain beats sending to nobody and to everybody', () => {
    expect(net['expected-gain']).toBeGreaterThan(net.nobody ?? Number.NaN)
    expect(net['expected-gain']).toBeGreaterThan(net.everybody ?? Number.NaN)
  })

  test('the intervals hold the truth, and are not so wide as to say nothing', () => {
    expect(result.campaigns.length).toBeGreaterThan(5)
    expect(result.coverage).toBeGreaterThanOrEqual(0.93)
    for (const { low, high, estimate } of result.campaigns) {
      expect(low).toBeLessThan(estimate)
      expect(high).toBeGreaterThan(estimate)
    }
    const widest = Math.max(...result.campaigns.map(({ low, high }) => high - low))
    expect(widest).toBeLessThan(5_000)
  })

  test('nobody gets no message, and everybody more than those it is worth sending to', () => {
    const messages = Object.fromEntries(result.worlds.map((world) => [world.policy, world.messages]))
    expect(messages.nobody).toBe(0)
    expect(messages['expected-gain']).toBeGreaterThan(0)
    expect(messages.everybody).toBeGreaterThan(messages['expected-gain'] ?? 0)
  })

  test('progress goes up to the end, and the same seed gives the same', () => {
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen.at(-1)).toBeCloseTo(1)
    const again = { members: 1_000, periods: 8, seed: 5 }
    expect(simulate(again)).toEqual(simulate(again))
  })
})
