import fc from 'fast-check'
import { backOffMs } from '../../../src/core/sending/back-off'
import { CHANNEL_LIMITS, limitsOf, TEAMS_LIMITS } from '../../../src/core/sending/limits'
import { findSlots, stillCounting } from '../../../src/core/sending/slots'

const window = { messages: 30, windowMs: 1_000 }

test('an idle channel is used at once, and its quota to more than 95 %', () => {
  const slots = findSlots([], { window, wanted: 10_000, fromMs: 0, untilMs: 60_000 })
  expect(slots[0]).toBe(0)
  expect(slots.length / 60).toBeGreaterThan(0.95 * 30)
  expect(slots.length / 60).toBeLessThanOrEqual(30)
})

test('no window holds more than its quota, however slots are taken and given back', () => {
  const step = fc.record({ advanceMs: fc.nat(900), wanted: fc.nat(60), isGivenBack: fc.boolean(), late: fc.nat(14) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let [atMs, taken] = [0, [] as number[]]
      const sent: number[] = []
      for (const { advanceMs, wanted, isGivenBack, late } of steps) {
        atMs += advanceMs
        taken = stillCounting(taken, { window, atMs })
        const found = findSlots(taken, { window, wanted, fromMs: atMs, untilMs: atMs + 500 })
        const used = isGivenBack ? found.filter((_, place) => place % 3 > 0) : found
        taken = [...taken, ...used]
        sent.push(...used.map((slot, place) => slot + (place % 2) * late))
      }
      sent.sort((a, b) => a - b)
      return sent.every((slot, place) => place < 30 || slot - sent[place - 30]! > 1_000)
    }),
  )
})

test('what was missed is caught up with', () => {
  const first = findSlots([], { window, wanted: 1_000, fromMs: 0, untilMs: 1_000 })
  const kept = first.filter((_, place) => place < 15 || place >= 20)
  const after = findSlots(kept, { window, wanted: 1_000, fromMs: 1_000, untilMs: 10_000 })
  expect((kept.length + after.length) / 10).toBeGreaterThan(0.95 * 30)
})

test('limits: the web chat takes what comes, an unknown channel as much as Teams', () => {
  expect(limitsOf(CHANNEL_LIMITS, 'directline')).toBeNull()
  expect(limitsOf(CHANNEL_LIMITS, 'msteams')).toBe(TEAMS_LIMITS)
  expect(limitsOf(CHANNEL_LIMITS, 'toString')).toBe(TEAMS_LIMITS)
})

test('backing off doubles up to five minutes, is shortened by at most a half, and differs from message to message', () => {
  for (let attempts = 1; attempts <= 12; attempts++) {
    const longest = Math.min(1_000 * 2 ** (attempts - 1), 300_000)
    const waits = Array.from({ length: 50 }, (_, key) => backOffMs(`message ${key}`, attempts))
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(longest / 2)
    expect(Math.max(...waits)).toBeLessThanOrEqual(longest)
    expect(new Set(waits).size).toBeGreaterThan(30)
  }
})
