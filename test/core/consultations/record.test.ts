import { recordConsultation } from '../../../src/core/consultations/record'
import { useDatabase } from '../../support/database'

const database = useDatabase()

test('a turn counts once, however often it is run; other turns count too', async () => {
  const db = database.current()
  const at = new Date('2026-11-22T10:00:00Z')
  await recordConsultation(db, { memberId: 'M1', topic: 'points-balance', key: 'turn 1', at })
  await recordConsultation(db, { memberId: 'M1', topic: 'points-balance', key: 'turn 1', at: new Date('2026-11-23') })
  await recordConsultation(db, { memberId: 'M1', topic: 'my-orders', key: 'turn 2', at })
  expect(await db.sql`select member_id, topic, at from consultation order by id`).toEqual([
    { member_id: 'M1', topic: 'points-balance', at },
    { member_id: 'M1', topic: 'my-orders', at },
  ])
})
