import { conversations } from '../../dialogs'
import type { Reply } from '../../src/bot/contract'
import { createEngine } from '../../src/bot/engine/engine'
import { useDatabase } from '../support/database'
import { changes, fillFixtureShop, NEIGHBOUR_SECRETS } from '../support/fixture-shop'
import { rolledBack, type ScenarioDatabase } from '../support/rolled-back'
import { phrases, standInRecogniser } from '../support/stand-in-recogniser'
import { buttonsOn } from '../support/transcript'
import { openChat, type Person } from '../support/turns'

// Every phrase and every button of every conversation, several times over.
jest.setTimeout(120_000)

const database = useDatabase({ connectionsMax: 2 })
beforeAll(() => fillFixtureShop(database.current()))

const engine = createEngine(conversations)
const verbs = [...new Set(conversations.flatMap(({ id, intents, verbs }) => [id, ...intents, ...verbs]))]

/** Everything that a button's arguments could name of the neighbour's. */
async function foreignArguments({ sql }: ScenarioDatabase): Promise<Record<string, unknown>[]> {
  const [coupon] = await sql<{ code: string }>`select code from issued_coupon where member_id = 'M2'`
  const [transfer] = await sql<{ id: number }>`select id from transfer where member_id = 'M2' order by id desc`
  return [
    {},
    { memberId: 'M2' },
    { member: { id: 'M2' }, orderId: 'B2001' },
    { orderId: 'B2001', before: 'B2001' },
    { before: transfer?.id ?? 0 },
    { code: coupon?.code ?? '' },
    { nonce: 'neighbour' },
    { couponId: 'biscuits', memberId: 'M2' },
  ]
}

async function secretsOf({ sql }: ScenarioDatabase): Promise<string[]> {
  const codes = await sql<{ code: string }>`select code from issued_coupon where member_id = 'M2'`
  return [...NEIGHBOUR_SECRETS, ...codes.map(({ code }) => code)]
}

/** Replies without what the person said or sent themselves: an unknown code is repeated to who asked for it. */
function leaks(replies: readonly Reply[], secrets: readonly string[], own: string): string[] {
  const shown = JSON.stringify(replies)
  return secrets.filter((secret) => shown.includes(secret) && !own.includes(secret))
}

/** Says every known phrase and presses every button with every foreign argument, and every button that is then shown. */
async function tryEverything(inside: ScenarioDatabase, person: Person): Promise<{ leaked: string[]; heard: string[] }> {
  await changes['neighbour-coupon']?.(inside)
  const secrets = await secretsOf(inside)
  const args = await foreignArguments(inside)
  const leaked: string[] = []
  const heard: string[] = []
  const open = () =>
    openChat({ database: inside, engine: () => engine, recognise: standInRecogniser, person, catalogue: true })
  const note = (replies: readonly Reply[], own: string) => {
    leaked.push(...leaks(replies, secrets, own).map((secret) => `${own} → ${secret}`))
    heard.push(...replies.map(({ text }) => text))
  }
  for (const said of [...Object.values(phrases).flat(), ...secrets]) {
    const chat = open()
    const { replies } = await chat.say(said)
    note(replies, said)
    for (const { action } of buttonsOn(replies)) {
      if (action !== 'says-its-title') note((await chat.press(action.verb, action.args)).replies, said)
    }
  }
  for (const verb of verbs) {
    for (const each of args) note((await open().press(verb, each)).replies, `${verb} ${JSON.stringify(each)}`)
  }
  return { leaked, heard }
}

test.each<[string, Person]>([
  ['a stranger', {}],
  ['another member', { memberId: 'M1' }],
  ['another member in a group', { memberId: 'M1', isGroup: true }],
  ['the neighbour in a group', { memberId: 'M2', isGroup: true }],
])('%s hears nothing of the neighbour, whatever is said or pressed', async (_, person) => {
  await rolledBack(database.current(), async (inside) => {
    const { leaked, heard } = await tryEverything(inside, person)
    expect(leaked).toEqual([])
    expect(heard.length).toBeGreaterThan(200)
  })
})

test('the neighbour, in private, does hear it: the scan would notice', async () => {
  await rolledBack(database.current(), async (inside) => {
    const { leaked } = await tryEverything(inside, { memberId: 'M2' })
    for (const secret of ['Ben', '77,', 'B2001', 'TRK9999']) expect(leaked.join('\n')).toContain(secret)
  })
})

test('a stranger neither gets points from nor writes into anything of a member', async () => {
  await rolledBack(database.current(), async (inside) => {
    const counted = () => inside.sql`
      select (select count(*) from transfer) as transfers, (select count(*) from issued_coupon) as coupons,
        (select count(*) from consultation) as consultations, (select count(*) from channel_identity) as links`
    await changes['neighbour-coupon']?.(inside)
    const before = await counted()
    await tryEverythingWithoutNeighbour(inside)
    expect(await counted()).toEqual(before)
  })
})

async function tryEverythingWithoutNeighbour(inside: ScenarioDatabase): Promise<void> {
  for (const verb of verbs) {
    const chat = openChat({ database: inside, engine: () => engine, recognise: standInRecogniser, person: {} })
    await chat.press(verb, { couponId: 'biscuits', quantity: 1, nonce: 'x', memberId: 'M1' })
    await chat.say('yes')
    await chat.say('1')
  }
}
