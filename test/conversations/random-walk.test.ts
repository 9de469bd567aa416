import fc from 'fast-check'
import { conversations } from '../../dialogs'
import type { Action, Reply } from '../../src/bot/contract'
import { createEngine } from '../../src/bot/engine/engine'
import { STACK_DEPTH_MAX } from '../../src/bot/engine/state'
import { verifyLedger } from '../../src/core/points/verify'
import { useDatabase } from '../support/database'
import { fillFixtureShop, NEIGHBOUR_SECRETS } from '../support/fixture-shop'
import { rolledBack } from '../support/rolled-back'
import { phrases, standInRecogniser } from '../support/stand-in-recogniser'
import { buttonsOn } from '../support/transcript'
import { NOW, openChat, type Person } from '../support/turns'
import { faultsOf } from '../support/well-formed'

const database = useDatabase({ connectionsMax: 2 })
beforeAll(() => fillFixtureShop(database.current()))

const engine = createEngine(conversations)
const verbs = [...new Set(conversations.flatMap(({ id, intents, verbs }) => [id, ...intents, ...verbs]))]

type Move =
  | { kind: 'say'; text: string }
  /** The n-th of the buttons that were ever shown. */
  | { kind: 'press'; n: number }
  | { kind: 'forge'; action: Action }
  | { kind: 'become'; person: Person }

const said = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...Object.values(phrases).flat()) },
  {
    weight: 6,
    arbitrary: fc.constantFrom('1', '2', '3', 'two', '第二个', 'yes', 'no', '是', '不要', 'ok', 'more', '更多', 'all'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('free biscuits', '免运费券', 'teapot', 'ada@example.com', '123456', 'A1004', '-1'),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ' ', '🎉', '\u202eabc', 'x'.repeat(1000), "'; drop table member; --", '**[x](y)**'),
  },
)

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 8, arbitrary: said.map((text) => ({ kind: 'say' as const, text })) },
  { weight: 6, arbitrary: fc.nat({ max: 60 }).map((n) => ({ kind: 'press' as const, n })) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('forge' as const),
      action: fc.record({
        verb: fc.oneof(fc.constantFrom(...verbs), fc.string({ maxLength: 12 })),
        args: fc.dictionary(
          fc.constantFrom(
            'couponId',
            'quantity',
            'nonce',
            'code',
            'orderId',
            'before',
            'page',
            'sku',
            'locale',
            'shown',
          ),
          fc.jsonValue({ maxDepth: 1 }),
        ),
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<Person>({ memberId: 'M1' }, { memberId: 'M3' }, {}, { memberId: 'M1', isGroup: true })
      .map((person) => ({ kind: 'become' as const, person })),
  },
)

/** By chance alone a walk hardly ever gets to the end of a redemption: some begin with a part of the way. */
const opening = ['redeem a coupon', '2', '1', 'yes'].map((text): Move => ({ kind: 'say', text }))
const walk = fc
  .tuple(fc.nat({ max: opening.length }), fc.array(move, { minLength: 5, maxLength: 40 }))
  .map(([steps, moves]) => [...opening.slice(0, steps), ...moves])

test('whatever is said and pressed: an answer, nothing of the neighbour, and sound books', async () => {
  const redeemed: number[] = []
  await fc.assert(
    fc.asyncProperty(walk, async (moves) => {
      await rolledBack(database.current(), async (inside) => {
        const chat = openChat({
          database: inside,
          engine: () => engine,
          recognise: standInRecogniser,
          person: { memberId: 'M1' },
        })
        const shown: Action[] = []
        for (const each of moves) {
          const answered = await play(chat, each, shown)
          if (!answered) continue
          const { replies, state } = answered
          expect(replies.length).toBeGreaterThan(0)
          expect(replies.flatMap(faultsOf)).toEqual([])
          expect(leaked(replies, each)).toEqual([])
          expect(state.stack.length).toBeLessThanOrEqual(STACK_DEPTH_MAX)
          expect(JSON.stringify(state).length).toBeLessThan(20_000)
          shown.push(...buttonsOn(replies).flatMap(({ action }) => (action === 'says-its-title' ? [] : [action])))
        }
        expect((await verifyLedger(inside, { at: NOW })).filter(({ ok }) => !ok)).toEqual([])
        const [count] = await inside.sql<{ n: number }>`select count(*)::int as n from issued_coupon`
        redeemed.push(count?.n ?? 0)
      })
    }),
    { numRuns: 60, seed: 20261122 },
  )
  // A walk that never gets anywhere would prove nothing.
  expect(redeemed.filter((n) => n > 0).length).toBeGreaterThan(3)
}, 120_000)

async function play(chat: ReturnType<typeof openChat>, each: Move, shown: readonly Action[]) {
  switch (each.kind) {
    case 'say':
      return chat.say(each.text)
    case 'press': {
      const action = shown.at(-1 - (each.n % Math.max(1, shown.length)))
      return action && chat.press(action.verb, JSON.parse(JSON.stringify(action.args)))
    }
    case 'forge':
      return chat.press(each.action.verb, each.action.args)
    case 'become':
      chat.become(each.person)
      return undefined
  }
}

function leaked(replies: readonly Reply[], own: Move): string[] {
  const text = JSON.stringify(replies)
  return NEIGHBOUR_SECRETS.filter((secret) => text.includes(secret) && !JSON.stringify(own).includes(secret))
}
