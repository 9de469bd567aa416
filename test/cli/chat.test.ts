import { Readable } from 'node:stream'
import { registerChat } from '../../src/cli/chat'
import { runCli } from '../../src/cli/program'
import { findMember } from '../../src/core/members/find'
import { readBalance } from '../../src/core/points/balance'
import { openDatabase } from '../../src/db/open'
import { openChat } from '../../src/open-chat'
import { useDatabase } from '../support/database'
import { fillFixtureShop } from '../support/fixture-shop'
import { NOW } from '../support/turns'

const database = useDatabase()
beforeAll(() => fillFixtureShop(database.current()))

let ids = 0

async function chat(lines: readonly string[], args: readonly string[] = [], { isTTY = false } = {}) {
  const stdout: string[] = []
  const stderr: string[] = []
  const input = Object.assign(Readable.from(lines.map((line) => `${line}\n`)), { isTTY })
  const exitCode = await runCli(['chat', ...args], {
    registrations: [registerChat({ openChat, input })],
    clock: () => NOW,
    newId: () => `id ${ids++}`,
    secretBytes: (length) => Buffer.alloc(length, ids++),
    // The command closes what it opened.
    openDatabase: async () => openDatabase({ url: database.current().url }),
    stdout: { write: (text) => stdout.push(text) },
    stderr: { write: (text) => stderr.push(text) },
  })
  const said = stdout
    .join('')
    .split('\n')
    .filter((line) => line !== '')
  return { exitCode, turns: said.map((line) => JSON.parse(line)), shown: stderr.join('') }
}

describe('regulars chat', () => {
  test('answers one line with one line of JSON', async () => {
    const { exitCode, turns } = await chat(['how many points do I have', 'what is my tier'], ['--as', 'M1'])
    expect(exitCode).toBe(0)
    expect(turns).toHaveLength(2)
    expect(Object.keys(turns[0])).toEqual(['said', 'intent', 'score', 'replies', 'cards'])
    expect(turns[0]).toMatchObject({
      said: 'how many points do I have',
      intent: 'points-balance',
      score: expect.any(Number),
      replies: [expect.stringContaining('**1,400 points**')],
      cards: ['Your points'],
    })
    expect(turns[1].intent).toBe('tier-status')
  })

  test('does so on a terminal, too, where only JSON is wanted', async () => {
    const write = jest.spyOn(process.stdout, 'write')
    const { turns, shown } = await chat(['what is my tier'], ['--as', 'M1', '--json'], { isTTY: true })
    const written = write.mock.calls.length
    write.mockRestore()
    expect({ written, shown }).toEqual({ written: 0, shown: '' })
    expect(turns).toMatchObject([{ intent: 'tier-status' }])
  })

  test('redeems, with numbers for what is listed and for buttons', async () => {
    const { turns } = await chat(['redeem a coupon', '2', '1', '1'], ['--as', 'M1'])
    expect(turns.map(({ replies }) => replies.at(-1))).toEqual([
      expect.stringContaining('Which coupon would you like?'),
      expect.stringContaining('How many of **Free biscuits**'),
      expect.stringContaining('Redeem **1 × Free biscuits**'),
      expect.stringContaining('Your code'),
    ])
    expect((await readBalance(database.current(), { memberId: 'M1', at: NOW })).available).toBe(1_000)
  })

  test('begins in the language asked for', async () => {
    const { turns } = await chat([''], ['--as', 'M1', '--locale', 'zh'])
    expect(turns[0].replies[0]).toContain('空消息')
  })

  test('without a member it is a stranger, who links only for this run', async () => {
    const first = await chat(['my points', 'ada@example.com'])
    expect(first.turns[0].replies[0]).toContain('who you are')
    expect(first.turns[1].replies[0]).toContain('If that address is on file')
    const second = await chat(['my points'])
    expect(second.turns[0].replies[0]).toContain('who you are')
  })

  test('an unknown member is refused', async () => {
    expect(await findMember(database.current(), { memberId: 'M404' })).toBeNull()
    const { exitCode, turns, shown } = await chat(['my points'], ['--as', 'M404'])
    expect(exitCode).toBe(1)
    expect(turns).toEqual([])
    expect(shown).toContain('there is no member "M404"')
  })

  test('a wrong language names the right ones', async () => {
    const { exitCode, shown } = await chat([], ['--locale', 'fr'])
    expect(exitCode).toBe(2)
    expect(shown).toMatch(/en, zh/)
  })
})
