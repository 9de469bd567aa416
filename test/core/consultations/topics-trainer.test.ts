import { recordConsultation } from '../../../src/core/consultations/record'
import { topicsTrainer } from '../../../src/core/consultations/topics-trainer'
import { scoreMembers } from '../../../src/core/training/score'
import { trainModels } from '../../../src/core/training/train'
import { useDatabase } from '../../support/database'
import { addMember, setUpShop } from '../../support/shop'

const database = useDatabase()
const AT = new Date('2026-06-15T12:00:00Z')
const OPTIONS = { at: AT, seed: 1, threads: 1 }
const ago = (days: number) => new Date(AT.getTime() - days * 86_400_000)

let turns = 0
async function asks(memberId: string, topic: string, daysAgo: number): Promise<readonly string[]> {
  turns += 1
  return recordConsultation(database.current(), { memberId, topic, key: `turn ${turns}`, at: ago(daysAgo) })
}

const train = async () => (await trainModels(database.current(), [topicsTrainer], OPTIONS))[0]
const score = () => scoreMembers(database.current(), [topicsTrainer], OPTIONS)

/** What people come for, and where it leads; what comes after a refund depends on what came before it. */
const MATTERS = [
  ['cancel-order', 'get-refund', 'track-refund'],
  ['complaint', 'get-refund', 'contact-customer-service'],
  ['delivery-options', 'delivery-period', 'track-order'],
  ['create-account', 'registration-problems', 'recover-password'],
  ['check-payment-methods', 'payment-issue', 'check-invoice'],
]

/** Some ask on, so that what is held out, each one's last step, is not all of any step. */
async function fill(): Promise<void> {
  for (const [number, matter] of MATTERS.entries()) {
    for (let m = 0; m < 14; m++) {
      const id = `a${number}-${m}`
      await addMember(database.current(), { id })
      // Months before, it is another matter.
      await asks(id, 'earn-points', 300)
      const more = ['newsletter-subscription', 'review'].slice(0, Math.max(0, (m % 4) - 1))
      for (const [step, topic] of [...matter, ...more].entries()) await asks(id, topic, 20 - step)
    }
  }
}

test('nothing asked yet: an honest "not enough", and nothing is offered', async () => {
  await setUpShop(database.current())
  expect(await train()).toEqual({
    kind: 'topics',
    status: 'not-enough-data',
    missing: [{ what: 'members who asked two things within 30 days', have: 0, need: 50 }],
  })
  await score()
  await addMember(database.current(), { id: 'me' })
  expect(await asks('me', 'get-refund', 2)).toEqual([])
})

test('after an answer, what those who asked the same went on to ask, in the light of what was asked before', async () => {
  await fill()
  const trained = await train()
  expect(trained).toMatchObject({ status: 'in-use', judged: { figure: 'hit rate within 3' } })
  if (trained?.status !== 'in-use') return
  expect(trained.judged.value).toBeGreaterThan(0.7)
  expect(trained.judged.baseline?.value).toBeLessThan(0.6)
  await score()
  await addMember(database.current(), { id: 'first' })
  await addMember(database.current(), { id: 'second' })
  expect((await asks('first', 'cancel-order', 3))[0]).toBe('get-refund')
  expect((await asks('first', 'get-refund', 2))[0]).toBe('track-refund')
  await asks('second', 'complaint', 3)
  const next = await asks('second', 'get-refund', 2)
  expect(next[0]).toBe('contact-customer-service')
  expect(next).not.toContain('get-refund')
  expect(next).not.toContain('complaint')
})

test('what was asked long ago does not matter', async () => {
  await addMember(database.current(), { id: 'late' })
  await asks('late', 'complaint', 200)
  const next = await asks('late', 'get-refund', 1)
  expect(next.slice(0, 2).sort()).toEqual(['contact-customer-service', 'track-refund'])
})

test('a page that nobody went on from offers nothing', async () => {
  expect(await asks('me', 'earn-points', 1)).toEqual([])
})

test('scoring twice leaves the same; without a model nothing is left', async () => {
  const rows = () => database.current().sql`select * from next_topic order by before, topic, place`
  const before = await rows()
  expect(before.length).toBeGreaterThan(3)
  await score()
  expect(await rows()).toEqual(before)
  await database.current().sql`delete from trained_model`
  await score()
  expect(await rows()).toEqual([])
})
