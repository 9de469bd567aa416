import { deliverMail } from '../../../src/core/mail/deliver'
import { useDatabase } from '../../support/database'

const database = useDatabase()
const start = new Date('2026-03-01T10:00:00Z')
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000)

beforeEach(async () => {
  await database.current().sql`delete from mail`
  await database.current().sql`
    insert into mail (recipient, subject, body, status, created_at)
    select 'r' || n, 's', 'b', 'pending', ${start} from generate_series(1, 3) n`
})

const statuses = async () =>
  (await database.current().sql<{ status: string }>`select status from mail order by id`).map((row) => row.status)

const texts = async () =>
  (
    await database.current().sql<{ text: string }>`select trim(subject || ' ' || body) as text from mail order by id`
  ).map((row) => row.text)

describe('delivery of e-mail', () => {
  it('sends each once, in order, however many processes deliver', async () => {
    const seen: string[] = []
    const transport = { send: async ({ recipient }: { recipient: string }) => void seen.push(recipient) }
    await Promise.all([1, 2, 3].map(() => deliverMail(database.current(), { transport, at: start })))
    expect(seen.sort()).toEqual(['r1', 'r2', 'r3'])
    expect(await statuses()).toEqual(['sent', 'sent', 'sent'])
  })

  it('tries a failed one again later, eight times, and sends the others meanwhile', async () => {
    let attempts = 0
    const transport = {
      async send({ recipient }: { recipient: string }) {
        if (recipient !== 'r2') return
        attempts += 1
        throw new Error('mailbox is full')
      },
    }
    expect(await deliverMail(database.current(), { transport, at: start })).toEqual({ sent: 2, failed: 1 })
    // A code stands in what still has to be sent, and nowhere else.
    expect(await texts()).toEqual(['', 's b', ''])
    expect(await deliverMail(database.current(), { transport, at: later(1) })).toEqual({ sent: 0, failed: 0 })
    for (let i = 1; i <= 10; i++) await deliverMail(database.current(), { transport, at: later(i * 3600) })
    expect(attempts).toBe(8)
    expect(await statuses()).toEqual(['sent', 'failed', 'sent'])
    expect(await texts()).toEqual(['', '', ''])
  })

  it('sends one again whose process was killed while it was on its way', async () => {
    const hang = { send: () => new Promise<void>(() => undefined) }
    void deliverMail(database.current(), { transport: hang, at: start, limit: 1 })
    await new Promise((resolve) => setTimeout(resolve, 200))
    const seen: string[] = []
    const transport = { send: async ({ recipient }: { recipient: string }) => void seen.push(recipient) }
    await deliverMail(database.current(), { transport, at: later(60) })
    expect(seen).toEqual(['r2', 'r3'])
    await deliverMail(database.current(), { transport, at: later(121) })
    expect(seen).toEqual(['r2', 'r3', 'r1'])
  })
})
