import fc from 'fast-check'
import { holdRequest, lockConversation, type Moved } from '../../../src/core/handoff/held-request'
import { appendEntry, holdToSay } from '../../../src/core/handoff/messages'
import { requestPerson } from '../../../src/core/handoff/request'
import {
  acceptRequest,
  closeRequest,
  leaveAsMessage,
  leaveForBot,
  returnToBot,
  takeFromSilent,
  transferRequest,
} from '../../../src/core/handoff/transitions'
import { type Database, openDatabase } from '../../../src/db/open'
import type { Tx } from '../../../src/db/sql'
import { addStaff } from '../../bot/support/desk-staff'
import { useDatabase } from '../../support/database'
import { apply, type Model, type Op, orders } from './desk-model'

const database = useDatabase({ connectionsMax: 4 })
const AT = new Date('2026-11-22T10:00:00Z')
const LATER = new Date('2026-11-22T10:10:00Z')
let staff: number[] = []

beforeAll(async () => {
  staff = [
    await addStaff(database.current(), { name: 'Ana', team: 'returns' }),
    await addStaff(database.current(), { name: 'Ben' }),
  ]
})

/** What somebody may try; which request and version it is about is only known when its turn comes. */
const intention = fc.record({
  kind: fc.constantFrom(
    'ask',
    'accept',
    'accept',
    'return',
    'close',
    'transfer',
    'back',
    'leave',
    'silent',
    'say',
    'member',
  ),
  who: fc.nat(1),
  toTeam: fc.boolean(),
  stale: fc.integer({ min: 0, max: 3 }).map((n) => (n === 0 ? 1 : 0)),
  older: fc.integer({ min: 0, max: 5 }).map((n) => (n === 0 ? 1 : 0)),
  elsewhere: fc.boolean(),
})
type Intention = typeof intention extends fc.Arbitrary<infer Value> ? Value : never
/** Steps that happen at once, or a process that ends and comes back. */
const happening = fc.oneof(
  { weight: 8, arbitrary: fc.array(intention, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant('restart' as const) },
)

let runs = 0
let keys = 0

test('whatever happens at once or one after the other, it is as if in some order by the rules', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 3, maxLength: 14 }), async (happenings) => {
      runs += 1
      const world = new World(`c${runs}`)
      try {
        for (const each of happenings) await (each === 'restart' ? world.restart() : world.all(each))
      } finally {
        await world.close()
      }
    }),
    { numRuns: 25, seed: 20261128, endOnFailure: true },
  )
}, 120_000)

/** One conversation on the database, from two processes. */
class World {
  private models: Model[] = [[]]
  private second: Database = openDatabase({ url: database.current().url, connectionsMax: 3 })

  constructor(private readonly conversationId: string) {}

  close(): Promise<void> {
    return this.second.close()
  }

  async restart(): Promise<void> {
    await this.second.close()
    this.second = openDatabase({ url: database.current().url, connectionsMax: 3 })
  }

  async all(intentions: readonly Intention[]): Promise<void> {
    const ids = await this.ids()
    const [model = []] = this.models
    const ops = intentions.map((each) => this.opOf(each, model))
    const answers = await Promise.all(
      ops.map((op, place) => this.run(intentions[place]?.elsewhere ? this.second : database.current(), op, ids)),
    )
    const seen = await this.state()
    const possible = orders(ops.map((op, place) => ({ op, answer: answers[place] })))
    this.models = possible.flatMap((order) => {
      let after = model
      for (const { op, answer } of order) {
        const [expected, next] = apply(after, op)
        if (expected !== answer) return []
        after = next
      }
      return JSON.stringify(after) === JSON.stringify(seen) ? [after] : []
    })
    // Of all orders none explains what was answered and what is stored.
    if (this.models.length === 0) expect({ before: model, ops, answers, seen }).toBe('explained by some order')
  }

  private opOf({ kind, who, toTeam, stale, older }: Intention, model: Model): Op {
    keys += 1
    const key = `${this.conversationId} ${keys}`
    const index = Math.max(0, model.length - 1 - older)
    const by = staff[who] ?? 0
    const version = Math.max(1, (model[index]?.version ?? 1) - stale)
    switch (kind) {
      case 'ask':
        return { kind, key }
      case 'accept':
      case 'return':
      case 'close':
        return { kind, staff: by, version, index }
      case 'transfer':
        return { kind, staff: by, to: toTeam ? 'team' : (staff[1 - who] ?? 0), version, index }
      case 'say':
        return { kind, staff: by, key, index }
      case 'member':
        return { kind, key, index }
      default:
        return { kind: kind as 'back', index }
    }
  }

  private run(db: Database, op: Op, ids: readonly number[]): Promise<string> {
    return db.tx(async (tx) => {
      if (op.kind === 'ask') return this.ask(tx, op.key)
      const requestId = ids[op.index] ?? 0
      if ('version' in op) return this.move(tx, op, { requestId, version: op.version, at: AT })
      if (requestId === 0) return 'unknown-request'
      switch (op.kind) {
        case 'back':
          await leaveForBot(tx, { requestId, at: AT })
          return 'done'
        case 'leave':
          await holdRequest(tx, { requestId })
          await leaveAsMessage(tx, { requestId, at: AT })
          return 'done'
        case 'silent':
          return (await takeFromSilent(tx, { requestId, silentMinutes: 1, at: LATER })) ? 'taken' : 'kept'
        case 'say':
          return this.say(tx, op, requestId)
        case 'member':
          return this.memberSays(tx, op.key, requestId)
      }
    })
  }

  private async ask(tx: Tx, key: string): Promise<string> {
    const place = { channel: 'test', conversationId: this.conversationId }
    await lockConversation(tx, place)
    const made = await requestPerson(tx, { ...place, locale: 'en', reason: 'asked', said: 'a person', key, at: AT })
    return made.alreadyWaiting ? 'already' : 'made'
  }

  private async move(
    tx: Tx,
    op: Extract<Op, { version: number }>,
    step: { requestId: number; version: number; at: Date },
  ): Promise<string> {
    const actor = { staffId: op.staff, role: 'agent' } as const
    const moved: Record<typeof op.kind, () => Promise<Moved>> = {
      accept: () => acceptRequest(tx, step, actor),
      return: () => returnToBot(tx, step, actor),
      close: () => closeRequest(tx, step, { contactReason: 'other', isResolved: true }, actor),
      transfer: () => {
        const to = 'to' in op && op.to !== 'team' ? { staffId: op.to } : { team: 'returns' }
        return transferRequest(tx, step, { to }, actor)
      },
    }
    const result = await moved[op.kind]()
    return result.ok ? 'ok' : result.code
  }

  private async say(tx: Tx, op: Extract<Op, { kind: 'say' }>, requestId: number): Promise<string> {
    const message = { requestId, text: 'hello', key: op.key, at: AT }
    const may = await holdToSay(tx, message, { author: 'agent', actor: { staffId: op.staff, role: 'agent' } })
    if (!may.ok) return may.code
    await appendEntry(tx, { ...message, author: 'agent', staffId: op.staff })
    return 'ok'
  }

  private async memberSays(tx: Tx, key: string, requestId: number): Promise<string> {
    const held = await holdRequest(tx, { requestId })
    if (held?.status !== 'waiting' && held?.status !== 'agent') return 'closed'
    await appendEntry(tx, { requestId, author: 'member', text: 'hm', key, at: AT })
    return 'said'
  }

  private async ids(): Promise<number[]> {
    const rows = await database.current().sql<{ id: number }>`
      select id from handoff_request where conversation_id = ${this.conversationId} order by id`
    return rows.map(({ id }) => id)
  }

  private async state(): Promise<Model> {
    const rows = await database.current().sql<Model[number] & { seqs: number[]; events: number }>`
      select status, version, staff_id as staff, left_at is not null as "isLeft", unanswered_since is not null as unanswered,
        last_seq as "lastSeq",
        (select staff_id from handoff_event where request_id = r.id and kind in ('returned', 'closed')) as "endedBy",
        (select coalesce(array_agg(seq::int order by seq), '{}') from desk_message where request_id = r.id) as seqs,
        (select count(*) from handoff_event where request_id = r.id) as events
      from handoff_request r where conversation_id = ${this.conversationId} order by id`
    return rows.map(({ seqs, events, ...row }) => {
      // Nothing lost, nothing doubled, and each step left its event.
      expect(seqs).toEqual(seqs.map((_, place) => place + 1))
      expect(seqs).toHaveLength(row.lastSeq)
      expect(events).toBe(row.version)
      return row
    })
  }
}
