import { createOutbox, type Outgoing, type Posted } from '../../../src/web/console/model/outbox'

/** An outbox whose server answers as told, one answer a post; without one it is never answered. */
function setUp({ kept = null as string | null, answers = [] as Posted[] } = {}) {
  const posted: Outgoing[] = []
  let stored = kept
  let keys = 0
  const resumed: (() => void)[] = []
  const outbox = createOutbox({
    post: (outgoing) => {
      posted.push(outgoing)
      const answer = answers.shift()
      return answer ? Promise.resolve(answer) : new Promise(() => undefined)
    },
    kept: {
      read: () => stored,
      write: (text) => {
        stored = text
      },
    },
    newKey: () => {
      keys += 1
      return `key${keys}`
    },
    nowMs: () => Date.parse('2026-11-28T10:00:00Z'),
    pause: () => new Promise((resolve) => resumed.push(resolve)),
  })
  return { outbox, posted, states: () => outbox.store.get().map(({ state }) => state), stored: () => stored }
}

const ok: Posted = { ok: true }
const away: Posted = { ok: false, code: 'unreachable', kind: 'unreachable' }
const refused: Posted = { ok: false, code: 'not-open', kind: 'refused' }
const broken: Posted = { ok: false, code: 'internal-error', kind: 'fault' }
const settle = () => new Promise((resolve) => setImmediate(resolve))
const message = (text: string) => ({ requestId: 1, kind: 'message' as const, text })

describe('what is written in the console', () => {
  test('goes out one after the other, and is gone when it has come back', async () => {
    const { outbox, posted, states } = setUp({ answers: [ok, ok] })
    outbox.send(message('first'))
    outbox.send(message('second'))
    await settle()
    expect(posted.map(({ text }) => text)).toEqual(['first', 'second'])
    expect(states()).toEqual(['taken', 'taken'])
    outbox.arrived(new Set(['key1', 'of somebody else']))
    expect(outbox.store.get().map(({ key }) => key)).toEqual(['key2'])
  })

  test('is tried again under its first key when no answer came, and what follows waits for it', async () => {
    const { outbox, posted, states } = setUp({ answers: [away, ok, ok] })
    outbox.send(message('first'))
    outbox.send(message('second'))
    await settle()
    expect([posted.length, states()]).toEqual([1, ['waiting', 'waiting']])
    outbox.flush()
    await settle()
    expect(posted.map(({ key, text }) => [key, text])).toEqual([
      ['key1', 'first'],
      ['key1', 'first'],
      ['key2', 'second'],
    ])
  })

  test('a refusal is final until the person tries again, and holds up nothing else', async () => {
    const { outbox, posted, states } = setUp({ answers: [refused, ok, ok] })
    outbox.send(message('to a closed one'))
    outbox.send({ ...message('to another'), requestId: 2 })
    await settle()
    expect(states()).toEqual(['failed', 'taken'])
    expect(outbox.store.get()[0]?.code).toBe('not-open')
    outbox.retry('key1')
    await settle()
    expect(posted.map(({ key }) => key)).toEqual(['key1', 'key2', 'key1'])
    outbox.discard('key1')
    expect(outbox.store.get().map(({ key }) => key)).toEqual(['key2'])
  })

  test('what the server breaks over holds up nothing of other requests, and is given up after five tries', async () => {
    const { outbox, posted, states } = setUp({ answers: [broken, ok, ok, broken, broken, broken, broken, ok] })
    outbox.send(message('breaks it'))
    outbox.send(message('follows it'))
    outbox.send({ ...message('to another'), requestId: 2 })
    await settle()
    expect(states()).toEqual(['waiting', 'waiting', 'taken'])
    outbox.send({ ...message('to a third'), requestId: 3 })
    await settle()
    expect(states()).toEqual(['waiting', 'waiting', 'taken', 'taken'])
    for (let tries = 2; tries <= 5; tries++) {
      outbox.flush()
      await settle()
    }
    expect(states()).toEqual(['failed', 'taken', 'taken', 'taken'])
    expect(posted.map(({ key }) => key)).toEqual(['key1', 'key3', 'key4', 'key1', 'key1', 'key1', 'key1', 'key2'])
  })

  test('outlives a reload: what was under way is sent again under the same key, what was refused is not', async () => {
    const before = setUp({ answers: [refused] })
    before.outbox.send(message('refused'))
    await settle()
    before.outbox.send(message('under way'))
    await settle()
    const { outbox, posted } = setUp({ kept: before.stored(), answers: [ok] })
    expect(outbox.store.get().map(({ state }) => state)).toEqual(['failed', 'waiting'])
    outbox.flush()
    await settle()
    expect(posted.map(({ key, text }) => [key, text])).toEqual([['key2', 'under way']])
  })

  test('what the server has is not kept for a reload, and nonsense is no reason to fail', async () => {
    const { outbox, stored } = setUp({ answers: [ok] })
    outbox.send(message('arrived'))
    await settle()
    expect(stored()).toBe('[]')
    expect(setUp({ kept: 'no json' }).outbox.store.get()).toEqual([])
  })
})
