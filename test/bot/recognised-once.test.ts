import pino from 'pino'
import { conversations } from '../../dialogs'
import { createEngine } from '../../src/bot/engine/engine'
import type { Incoming } from '../../src/bot/turn/incoming'
import { createTurnRunner } from '../../src/bot/turn/pipeline'
import { hear, type Recognise } from '../../src/bot/turn/understood'
import { secretBytes } from '../../src/core/clock'
import { ensureMerchant } from '../../src/core/merchant'
import type { Database } from '../../src/db/open'
import type { Sql } from '../../src/db/sql'
import { useDatabase } from '../support/database'
import { fillFixtureShop } from '../support/fixture-shop'
import { standInRecogniser } from '../support/stand-in-recogniser'
import { NOW } from '../support/turns'

const database = useDatabase()
beforeAll(async () => {
  await fillFixtureShop(database.current())
  await ensureMerchant(database.current(), { at: NOW })
})

const COMPLAINT = `I am not happy with how this went. ${'Nobody told me that it would take so long. '.repeat(6)}`
const standIn: Recognise = (said, { locale }) => standInRecogniser(said, locale ?? 'en')
const broken: Recognise = () => {
  throw new Error('not today')
}

/** A message, or a press of a button, of the member in a conversation. */
const incoming = (conversationId: string, activityId: string, text: string, verb?: string): Incoming => ({
  ...{ channel: 'test', conversationId, activityId, tenantId: '', userId: conversationId, isGroup: false },
  ...{ asMemberId: 'M1', locale: 'en' },
  content: { kind: 'message', text, ...(verb ? { action: { verb, args: {} } } : {}) },
})

function runner(recognise: Recognise, on = database.current()) {
  const turns = createTurnRunner({
    ...{ database: on, engine: createEngine(conversations), recogniser: { recognise } },
    ...{ clock: () => NOW, secretBytes, logger: pino({ level: 'silent' }) },
  })
  return async (from: Incoming): Promise<(string | undefined)[]> => {
    const outcome = await turns.run(from, { store: () => ({}) })
    return outcome.kind === 'answered' ? outcome.replies.map(({ text }) => text) : [outcome.kind]
  }
}

/** The database, and of each turn's beginning whether the balance was to come along. */
function overheard(real: Database): { database: Database; balanceAsked: boolean[] } {
  const balanceAsked: boolean[] = []
  const listening =
    (sql: Sql): Sql =>
    (strings, ...values) => {
      if (strings[0]?.includes('select turn_begin(')) balanceAsked.push(values.at(-1) !== null)
      return sql(strings, ...values)
    }
  return {
    database: { ...real, tx: (work) => real.tx((tx) => work({ ...tx, sql: listening(tx.sql) })) },
    balanceAsked,
  }
}

test.each([COMPLAINT, 'how many points do I have'])('%j is recognised once in its turn', async (text) => {
  const recognise = jest.fn(standIn)
  await runner(recognise)(incoming(`once ${text.length}`, '1', text))
  expect(recognise).toHaveBeenCalledTimes(1)
})

test('a long text is not recognised where the channel sends it again, nor where a person has the conversation', async () => {
  const recognise = jest.fn(standIn)
  const run = runner(recognise)
  await run(incoming('again', '1', COMPLAINT))
  expect(await run(incoming('again', '1', COMPLAINT))).toEqual(['duplicate'])
  await run(incoming('again', '2', '', 'talk-to-person'))
  expect(await run(incoming('again', '3', COMPLAINT))).toEqual([])
  expect(recognise).toHaveBeenCalledTimes(1)
})

test('the way back from a person is open where nothing can be recognised', async () => {
  const run = runner(broken)
  await run(incoming('broken', '1', '', 'talk-to-person'))
  expect(await run(incoming('broken', '2', 'back to the bot'))).toEqual([
    "All right, you're back with me, the assistant. What can I do for you?",
  ])
})

test('the balance comes along for who asks for it, and not to a group', async () => {
  const { database: listening, balanceAsked } = overheard(database.current())
  const run = runner(standIn, listening)
  await run(incoming('alone', '1', 'how many points do I have'))
  await run({ ...incoming('group', '1', 'how many points do I have'), isGroup: true })
  await run({ ...incoming('group', '2', '', 'points-balance'), isGroup: true })
  expect(balanceAsked).toEqual([true, false, false])
})

test.each([
  // said, languages it is asked for in, how often it is recognised
  ['my points', ['en', 'en'], 1],
  ['我的积分', ['en', 'zh', 'en'], 1],
  ['12345', ['en', 'zh', 'zh'], 2],
] as const)('%j asked for in %j is recognised %i times', (said, languages, times) => {
  const recognise = jest.fn(standIn)
  const heard = hear(incoming('heard', '1', said), recognise)
  for (const locale of languages) expect(heard.understand(locale)).toEqual(standIn(said, { locale }))
  expect(recognise).toHaveBeenCalledTimes(times)
})
