import { exchangesOf } from '../../../src/core/assist/exchanges'
import { type SummaryFacts, writeSummary } from '../../../src/core/assist/summary'

const at = (time: string) => new Date(`2026-11-22T${time}:00Z`)
const shortfallOf = (answer: string) =>
  answer === 'Sorry?' ? 'not-understood' : answer === 'Broken.' ? 'failed' : undefined
const said = (author: 'member' | 'bot', text: string, cards: string[] = []) => ({
  author,
  text,
  cards,
  at: at('09:00'),
})

const facts: SummaryFacts = {
  request: {
    locale: 'en',
    reason: 'asked',
    channel: 'directline',
    said: 'a person please',
    requestedAt: at('09:30'),
  },
  member: { displayName: 'Ada', tier: { en: 'Gold', zh: '金卡会员' }, joinedAt: new Date('2024-03-03T12:00:00Z') },
  exchanges: exchangesOf(
    [
      said('bot', 'Welcome!'),
      said('member', 'where is my parcel'),
      said('bot', 'Order **A1004** is on its way. It should arrive soon.'),
      said('member', 'the lid is brokn'),
      said('bot', 'Sorry?'),
      said('member', 'redeem'),
      said('bot', '', ['Confirm']),
      said('member', 'a person please'),
      said('bot', 'You are in the queue.'),
    ],
    shortfallOf,
  ),
  open: { kind: 'redemption', coupon: { en: 'Free biscuits', zh: '免费饼干券' }, quantity: 2 },
  lastOrder: {
    externalId: 'A1004',
    kind: 'sale',
    placedAt: at('08:00'),
    status: 'shipped',
    totalMinor: 1540,
    currency: 'GBP',
    expectedAt: new Date('2026-11-25T09:00:00Z'),
    lines: [],
  },
  timeZone: 'Europe/London',
}

test('who it is, what was said in what order, what the bot made of it, and what is open', () => {
  expect(writeSummary(facts, 'en')).toBe(
    'Ada (Gold, member since 3 March 2024) asked for help on 22 November 2026 at 09:30, on web chat, in English. ' +
      'They said “where is my parcel”; the bot answered “Order A1004 is on its way.” ' +
      'Then “the lid is brokn”, which the bot did not understand. ' +
      'Then “redeem”; the bot answered “Confirm”. ' +
      'Then they asked for a person. ' +
      'Open: the redemption of 2 × “Free biscuits” was begun and not confirmed; no points were spent on it. ' +
      'Last order: A1004 of 22 November 2026, GBP 15.40, on its way, expected 25 November 2026.',
  )
})

test('in the language of who reads it, whatever was spoken', () => {
  expect(writeSummary(facts, 'zh')).toBe(
    'Ada（金卡会员，2024年3月3日入会）于2026年11月22日 09:30通过网页聊天用英语求助。' +
      '先说“where is my parcel”，机器人回答“Order A1004 is on its way.”。' +
      '接着说“the lid is brokn”，机器人没有听懂。接着说“redeem”，机器人回答“Confirm”。随后要求转人工。' +
      '未完成：已开始兑换“免费饼干券” 2 张，尚未确认，未扣积分。' +
      '最近一单：A1004，2026年11月22日下单，GBP 15.40，运输中，预计2026年11月25日送达。',
  )
})

test('a stranger who said nothing before', () => {
  const stranger = { ...facts, member: null, exchanges: [], open: null, lastOrder: null }
  expect(writeSummary(stranger, 'en')).toBe(
    'A visitor whom no membership is linked to asked for help on 22 November 2026 at 09:30, on web chat, in English. ' +
      'Nothing was asked of the bot before. Then they asked for a person.',
  )
})

test('of many messages the last are told, and how many more there were', () => {
  const many = Array.from({ length: 9 }, (_, n) => [
    said('member', `question ${n}`),
    said('bot', `Answer ${n}.`),
  ]).flat()
  const summary = writeSummary(
    { ...facts, request: { ...facts.request, reason: 'error' }, exchanges: exchangesOf(many, shortfallOf) },
    'en',
  )
  expect(summary).toContain('5 messages more came before. They said “question 5”; the bot answered “Answer 5.” Then')
  expect(summary).not.toContain('question 4')
})

test('what failed on our side is not the member’s unclear words', () => {
  const exchanges = exchangesOf([said('member', 'redeem'), said('bot', 'Broken.')], shortfallOf)
  const request = { ...facts.request, reason: 'error' }
  expect(writeSummary({ ...facts, request, exchanges }, 'en')).toContain(
    '“redeem”, at which something failed on our side.',
  )
})

test('a long message is cut and set in one line, never reworded; of the bot’s answer the marks go', () => {
  const [exchange] = exchangesOf(
    [
      said('member', `**bold** [x](javascript:alert(1))\n\n<b>${'長'.repeat(300)}</b>`),
      said('bot', '# **Title** [x](y)\n\nText'),
    ],
    shortfallOf,
  )
  expect(exchange?.said).toMatch(/^\*\*bold\*\* \[x\]\(javascript:alert\(1\)\) <b>長+…$/)
  expect(Array.from(exchange?.said ?? '')).toHaveLength(120)
  expect(exchange?.answer).toBe('Title x')
  const [list] = exchangesOf([said('member', 'how'), said('bot', '1. Open **My account**. Then\n2. Go.')], shortfallOf)
  expect(list?.answer).toBe('Open My account.')
})
