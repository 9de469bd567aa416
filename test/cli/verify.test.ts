import { runCli } from '../../src/cli/program'
import { registerVerify } from '../../src/cli/verify'
import { earn } from '../../src/core/points/earn'
import { openDatabase } from '../../src/db/open'
import { addMember } from '../core/points/books'
import { useDatabase } from '../support/database'

const NOW = new Date('2026-11-22T10:00:00Z')

describe('regulars verify', () => {
  const database = useDatabase()

  async function verify(
    args: string[] = [],
  ): Promise<{ exitCode: number; result: Record<string, unknown>; shown: string }> {
    const stdout: string[] = []
    const stderr: string[] = []
    const exitCode = await runCli(['verify', ...args], {
      registrations: [registerVerify],
      clock: () => NOW,
      newId: () => 'unused',
      secretBytes: (length) => Buffer.alloc(length),
      // The command closes what it opened.
      openDatabase: async () => openDatabase({ url: database.current().url }),
      stdout: { write: (text) => stdout.push(text) },
      stderr: { write: (text) => stderr.push(text) },
    })
    const last = stdout.join('').trimEnd().split('\n').at(-1) ?? ''
    return { exitCode, result: last === '' ? {} : JSON.parse(last), shown: stderr.join('') }
  }

  beforeAll(async () => {
    await addMember(database.current(), 'A')
    await earn(database.current(), { memberId: 'A', points: 10, source: 'test', externalId: 'a1', at: NOW })
  })

  test('sound books: exit 0, a tick for each invariant, the state hash', async () => {
    const { exitCode, result, shown } = await verify()
    expect(exitCode).toBe(0)
    expect(result).toMatchObject({ ok: true, failed: [], stateHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(shown.match(/^✓ /gm)).toHaveLength(result.invariants as number)
    expect(shown).not.toContain('✗')
  })

  test('broken books: exit 1, a cross, and the rows at fault', async () => {
    await database.current().sql`update member_account set available = 11`
    const { exitCode, result, shown } = await verify()
    expect(exitCode).toBe(1)
    expect(result).toMatchObject({ ok: false })
    expect(result.failed).toContainEqual({
      invariant: 'balances-are-their-entries',
      rowsAtFault: [{ memberId: 'A', stored: [11, 0, 0, 0], summed: [10, 0, 0, 0] }],
    })
    expect(shown).toContain('✗ balances-are-their-entries')
    expect(shown).toContain('"memberId":"A"')
  })

  test('a wrong option is called wrongly', async () => {
    expect(await verify(['--fix'])).toMatchObject({
      exitCode: 2,
      result: {},
      shown: expect.stringContaining('options of verify'),
    })
  })
})
