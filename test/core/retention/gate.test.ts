import { type Gate, type GateFacts, passGate } from '../../../src/core/retention/gate'

const NOON = new Date('2026-11-22T12:00:00Z')

const free: GateFacts = {
  campaignStatus: 'running',
  campaignEndsAt: null,
  isHeldOut: false,
  hasBought: false,
  isOutdated: false,
  isReachable: true,
  hasConsent: true,
  hadMessage: false,
  isWithPerson: false,
  timeZone: 'Europe/London',
  quietHours: { from: 21, until: 9 },
}

test.each<[string, Partial<GateFacts>, Gate]>([
  ['nothing in the way', {}, { kind: 'send' }],
  ['the campaign ended', { campaignStatus: 'ended' }, { kind: 'drop', reason: 'campaign-over' }],
  ['its time is over', { campaignEndsAt: NOON }, { kind: 'drop', reason: 'campaign-over' }],
  ['held out', { isHeldOut: true }, { kind: 'drop', reason: 'held-out' }],
  ['bought in the meantime', { hasBought: true }, { kind: 'drop', reason: 'bought-already' }],
  ['no chat', { isReachable: false, hasConsent: false }, { kind: 'drop', reason: 'unreachable' }],
  ['never agreed, or took it back', { hasConsent: false }, { kind: 'drop', reason: 'no-consent' }],
  ['had one lately', { hadMessage: true }, { kind: 'drop', reason: 'too-often' }],
  ['paused', { campaignStatus: 'paused' }, { kind: 'defer', until: new Date('2026-11-22T13:00:00Z') }],
  ['with a person', { isWithPerson: true }, { kind: 'defer', until: new Date('2026-11-22T13:00:00Z') }],
  ['quiet hours that are no hours', { quietHours: { from: 9, until: 9 } }, { kind: 'send' }],
])('%s', (_, facts, gate) => {
  expect(passGate({ ...free, ...facts }, NOON)).toEqual(gate)
})

test.each([
  // 20:59 and 21:00 in London, 08:59 and 09:00.
  ['Europe/London', '2026-11-22T20:59:00Z', undefined],
  ['Europe/London', '2026-11-22T21:00:00Z', '2026-11-23T09:00:00Z'],
  ['Europe/London', '2026-11-22T08:59:00Z', '2026-11-22T09:00:00Z'],
  ['Europe/London', '2026-11-22T09:00:00Z', undefined],
  // It is night in Shanghai while it is day in London.
  ['Asia/Shanghai', '2026-11-22T14:00:00Z', '2026-11-23T01:00:00Z'],
  // The night in which the clocks go forward by an hour.
  ['Europe/London', '2026-03-28T23:00:00Z', '2026-03-29T08:00:00Z'],
])('in %s at %s it goes at %s', (timeZone, at, until) => {
  const gate = passGate({ ...free, timeZone }, new Date(at))
  expect(gate).toEqual(until === undefined ? { kind: 'send' } : { kind: 'defer', until: new Date(until) })
})
