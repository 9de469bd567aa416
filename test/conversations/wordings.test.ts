import { conversations } from '../../dialogs'
import { en as answersEn } from '../../dialogs/answers/replies.en'
import { zh as answersZh } from '../../dialogs/answers/replies.zh'
import type { Wordings } from '../../src/bot/contract'
import { createEngine } from '../../src/bot/engine/engine'
import { armOf, bucketOf } from '../../src/core/experiments/assign'
import { endExperiment, startExperiment } from '../../src/core/experiments/experiment'
import type { Locale } from '../../src/core/locale'
import { useDatabase } from '../support/database'
import { fillFixtureShop } from '../support/fixture-shop'
import { rolledBack, type ScenarioDatabase } from '../support/rolled-back'
import { standInRecogniser } from '../support/stand-in-recogniser'
import { NOW, openChat, type Person } from '../support/turns'

const database = useDatabase({ connectionsMax: 2 })
beforeAll(() => fillFixtureShop(database.current()))

const engine = createEngine(conversations)
const wordings = conversations.flatMap(({ wordings = [] }) => wordings)
const QUESTIONS = { en: ['redeem a coupon', 'free biscuits', '2'], zh: ['兑换优惠券', '免费饼干', '2'] }

function begin(inside: ScenarioDatabase, { reply, arms, outcome }: Wordings) {
  const subject = { kind: 'reply', reply } as const
  return inside.tx((tx) =>
    startExperiment(tx, { code: 'wording', subject, arms, outcome, attributionDays: 1, at: NOW }),
  )
}

/** What a person is told at the end of what they say. */
async function told(inside: ScenarioDatabase, said: readonly string[], person: Person): Promise<string> {
  const chat = openChat({ database: inside, engine: () => engine, recognise: standInRecogniser, person })
  let text = ''
  for (const one of said) text = (await chat.say(one)).replies.map((reply) => reply.text).join('\n')
  return text
}

/** The arm that chance has for a member. */
const dealt = (memberId: string) => armOf(bucketOf('experiment wording', memberId), [0.5, 0.5])

test('each reply with wordings names one of its own conversation, and says the first without an experiment', async () => {
  for (const { id, wordings = [] } of conversations) {
    for (const { reply, arms } of wordings) {
      expect(reply.startsWith(`${id}.`)).toBe(true)
      expect(new Set(arms).size).toBe(arms.length)
    }
  }
  expect(new Set(wordings.map(({ reply }) => reply)).size).toBe(wordings.length)
  await rolledBack(database.current(), async (inside) => {
    expect(await told(inside, QUESTIONS.en, { memberId: 'M1' })).toContain("You'd have")
    expect(await inside.sql`select from exposure`).toEqual([])
  })
})

test.each<[Locale, RegExp, RegExp]>([
  ['en', /^Redeem \*\*.*\?.* left\./m, /^You'd still have \*\*.*Shall I redeem/m],
  ['zh', /^确认用 .*兑换后还剩/m, /^兑换后您还有 \*\*.*可以吗？/m],
])(
  'the confirmation is worded as chance says, the same each time, and is noted once (%s)',
  async (locale, first, second) => {
    const [confirm] = wordings.filter(({ reply }) => reply === 'redeem-coupon.confirm')
    if (!confirm) throw new Error('the confirmation has no wordings')
    await rolledBack(database.current(), async (inside) => {
      expect(await begin(inside, confirm)).toEqual({ ok: true })
      expect(await begin(inside, confirm)).toEqual({ ok: false, code: 'code-taken' })
      const member = { memberId: 'M1', locale }
      const expected = dealt('M1') === 0 ? first : second
      expect(await told(inside, QUESTIONS[locale], member)).toMatch(expected)
      expect(await told(inside, QUESTIONS[locale], member)).toMatch(expected)
      const exposures =
        await inside.sql`select member_id as id, arm, propensity as share, exposed_at as at from exposure`
      expect(exposures).toEqual([{ id: 'M1', arm: confirm.arms[dealt('M1')], share: 0.5, at: NOW }])
      // The other wording.
      await inside.sql`update experiment set arms = ${[...confirm.arms].reverse()}::text[]`
      expect(await told(inside, QUESTIONS[locale], member)).toMatch(expected === first ? second : first)
      // One that is not there any more: what is said without an experiment.
      await inside.sql`update experiment set arms = '{gone,left-first}'`
      expect(await told(inside, QUESTIONS[locale], member)).toMatch(first)
      await endExperiment(inside, { code: 'wording', at: NOW })
      expect(await told(inside, QUESTIONS[locale], member)).toMatch(first)
      expect(await inside.sql`select from exposure`).toHaveLength(1)
    })
  },
)

test('an answer closes as chance says for members; strangers and groups get the first and are in no experiment', async () => {
  const [closing] = wordings.filter(({ reply }) => reply === 'answers.closing')
  if (!closing) throw new Error('answers have no wordings')
  await rolledBack(database.current(), async (inside) => {
    await begin(inside, closing)
    await inside.sql`update experiment set arms = '{ask-on,ask-on}'`
    const ask = (person: Person) => told(inside, ['cancel my order'], person)
    expect(await ask({ memberId: 'M1' })).toContain(answersEn.closing['ask-on'].trim())
    expect(await told(inside, ['怎么取消订单'], { memberId: 'M1', locale: 'zh' })).toContain(
      answersZh.closing['ask-on'].trim(),
    )
    expect(await ask({ memberId: 'M1', isGroup: true })).not.toContain(answersEn.closing['ask-on'].trim())
    expect(await ask({})).not.toContain(answersEn.closing['ask-on'].trim())
    expect(await inside.sql`select from exposure`).toHaveLength(1)
  })
})
