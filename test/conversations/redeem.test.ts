import { conversations } from '../../dialogs'
import { en } from '../../dialogs/redeem-coupon/replies.en'
import { zh } from '../../dialogs/redeem-coupon/replies.zh'
import { createEngine } from '../../src/bot/engine/engine'
import type { RedeemRefusal } from '../../src/core/coupons/redeem'
import { readBalance } from '../../src/core/points/balance'
import { useDatabase } from '../support/database'
import { fillFixtureShop } from '../support/fixture-shop'
import { rolledBack, type ScenarioDatabase } from '../support/rolled-back'
import { standInRecogniser } from '../support/stand-in-recogniser'
import { buttonsOn } from '../support/transcript'
import { NOW, openChat } from '../support/turns'

const database = useDatabase({ connectionsMax: 2 })
beforeAll(() => fillFixtureShop(database.current()))

const engine = createEngine(conversations)
const CODE = /[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}/g

function chatAs(inside: ScenarioDatabase, memberId: string) {
  return openChat({ database: inside, engine: () => engine, recognise: standInRecogniser, person: { memberId } })
}

async function pointsOf(inside: ScenarioDatabase, memberId: string): Promise<number> {
  return (await readBalance(inside, { memberId, at: NOW })).available
}

async function untilConfirmation(chat: ReturnType<typeof chatAs>) {
  await chat.say('redeem a coupon')
  await chat.say('free biscuits')
  const { replies } = await chat.say('2')
  const confirm = buttonsOn(replies).find(
    ({ action }) => action !== 'says-its-title' && action.verb === 'redeem-confirm',
  )
  if (!confirm || confirm.action === 'says-its-title') throw new Error('there was no confirmation')
  return confirm.action
}

test('pressing twice gives the same codes and takes the points once', async () => {
  await rolledBack(database.current(), async (inside) => {
    const chat = chatAs(inside, 'M1')
    const { verb, args } = await untilConfirmation(chat)
    const first = (await chat.press(verb, args)).replies[0]?.text ?? ''
    const second = (await chat.press(verb, args)).replies[0]?.text ?? ''
    expect(first.match(CODE)).toHaveLength(2)
    expect(second.match(CODE)).toEqual(first.match(CODE))
    expect(await pointsOf(inside, 'M1')).toBe(600)
  })
})

test('a confirmation of another conversation, or made up, redeems nothing', async () => {
  await rolledBack(database.current(), async (inside) => {
    const { verb, args } = await untilConfirmation(chatAs(inside, 'M1'))
    const other = chatAs(inside, 'M1')
    for (const nonce of [args.nonce, 'made up', '', null, { $ne: 1 }]) {
      expect((await other.press(verb, { nonce })).replies[0]?.text).toBe(en.staleConfirm)
    }
    expect(await pointsOf(inside, 'M1')).toBe(1_400)
  })
})

test("somebody else who presses a member's confirmation gets neither coupon nor codes", async () => {
  await rolledBack(database.current(), async (inside) => {
    const chat = chatAs(inside, 'M1')
    const { verb, args } = await untilConfirmation(chat)
    const neighbour = chatAs(inside, 'M2')
    expect((await neighbour.press(verb, args)).replies[0]?.text).toBe(en.staleConfirm)
    const codes = ((await chat.press(verb, args)).replies[0]?.text ?? '').match(CODE) ?? []
    const after = JSON.stringify((await neighbour.press(verb, args)).replies)
    expect(codes).toHaveLength(2)
    for (const code of codes) expect(after).not.toContain(code)
    expect(await pointsOf(inside, 'M2')).toBe(77_777)
  })
})

test('an older confirmation does not confirm the newer one', async () => {
  await rolledBack(database.current(), async (inside) => {
    const chat = chatAs(inside, 'M1')
    const old = await untilConfirmation(chat)
    const newer = await untilConfirmation(chat)
    expect(old.args.nonce).not.toBe(newer.args.nonce)
    const { replies, state } = await chat.press(old.verb, old.args)
    expect(replies[0]?.text).toBe(en.staleConfirm)
    // The newer one is still open, and asked again.
    expect(state.stack.at(-1)).toMatchObject({ question: 'confirm', data: { nonce: newer.args.nonce } })
    expect(await pointsOf(inside, 'M1')).toBe(1_400)
  })
})

test('every refusal has words in both languages, with the numbers it needs', () => {
  const codes: Record<RedeemRefusal['code'], true> = {
    'insufficient-points': true,
    'coupon-sold-out': true,
    'coupon-member-limit': true,
    'coupon-not-started': true,
    'coupon-ended': true,
    'tier-too-low': true,
    'unknown-coupon': true,
    'unknown-member': true,
    'invalid-quantity': true,
    'key-reused': true,
  }
  const details = { missing: '120 points', left: '1', startsAt: '1 May 2027', tier: 'Gold' }
  for (const { refusals } of [en, zh]) {
    const texts = (Object.keys(codes) as RedeemRefusal['code'][]).map((code) => refusals[code](details))
    expect(new Set(texts).size).toBe(texts.length)
    expect(refusals['insufficient-points'](details)).toContain('120 points')
    expect(refusals['coupon-member-limit'](details)).toContain('1')
    expect(refusals['coupon-not-started'](details)).toContain('1 May 2027')
    expect(refusals['tier-too-low'](details)).toContain('Gold')
    for (const code of Object.keys(codes) as RedeemRefusal['code'][]) {
      expect(refusals[code]({ missing: '1' })).not.toMatch(/undefined/)
    }
  }
})
