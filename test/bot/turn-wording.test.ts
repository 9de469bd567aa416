import { conversations } from '../../dialogs'
import { endExperiment, startExperiment } from '../../src/core/experiments/experiment'
import type { Database } from '../../src/db/open'
import type { Sql } from '../../src/db/sql'
import { useDatabase } from '../support/database'
import { addMember, setUpShop } from '../support/shop'
import { standInRecogniser } from '../support/stand-in-recogniser'
import { NOW } from '../support/turns'
import { startTestApp } from './support/test-app'

const database = useDatabase()

/** The same database, with all that turns ask it. */
function overheard(db: Database, asked: string[]): Database {
  return {
    ...db,
    tx: (work) =>
      db.tx((tx) => {
        const listening =
          (sql: Sql): Sql =>
          (strings, ...values) => {
            asked.push(strings.join('?'))
            return sql(strings, ...values)
          }
        return work({ ...tx, sql: listening(tx.sql) })
      }),
  }
}

test('what runs comes with the turn: an answer asks for no experiment, and notes who met it once', async () => {
  const db = database.current()
  await setUpShop(db)
  await addMember(db, { id: 'M1' })
  const asked: string[] = []
  const app = await startTestApp(overheard(db, asked), {
    conversations,
    recogniser: { recognise: (said, { locale }) => standInRecogniser(said, locale ?? 'en') },
  })
  let turns = 0
  /** What an answer asks of the database about experiments. */
  const answer = async () => {
    asked.length = 0
    const place = { channel: 'test', conversationId: 'c', tenantId: '', userId: 'u', isGroup: false, asMemberId: 'M1' }
    const content = { kind: 'message', text: 'how do I get a refund' } as const
    const told = await app.turns.run({ ...place, activityId: `${turns++}`, content }, { store: () => ({}) })
    expect(told).toMatchObject({ kind: 'answered', intent: 'get-refund' })
    return asked
      .filter((statement) => /experiment|exposure/.test(statement))
      .map((statement) => statement.trim().slice(0, 20))
  }
  try {
    expect(await answer()).toEqual([])
    const [{ wordings: [closing] = [] } = {}] = conversations.filter(({ id }) => id === 'answers')
    if (!closing) throw new Error('answers have no wordings')
    const { reply, arms, outcome } = closing
    const subject = { kind: 'reply', reply } as const
    await db.tx((tx) => startExperiment(tx, { code: 'w', subject, arms, outcome, attributionDays: 1, at: NOW }))
    expect(await answer()).toEqual(['insert into exposure'])
    expect(await answer()).toEqual([])
    expect(await db.sql`select member_id as id from exposure`).toEqual([{ id: 'M1' }])
    await endExperiment(db, { code: 'w', at: NOW })
    expect(await answer()).toEqual([])
  } finally {
    await app.close()
  }
})
