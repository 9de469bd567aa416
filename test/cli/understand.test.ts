import { Readable } from 'node:stream'
import { createRecogniser } from '../../src/bot/nlu/recogniser'
import { runCli } from '../../src/cli/program'
import { registerUnderstand } from '../../src/cli/understand'
import type { Database } from '../../src/db/open'

const utterances = {
  en: ['my points', 'how many points do I have', 'points balance'].map((text) => ({ intent: 'points-balance', text })),
  zh: ['我的积分', '我有多少积分', '查积分'].map((text) => ({ intent: 'points-balance', text })),
}

async function understand(lines: readonly string[], { args = [] as string[], openDatabase = gone } = {}) {
  const stdout: string[] = []
  const stderr: string[] = []
  const exitCode = await runCli(['understand', ...args], {
    registrations: [
      registerUnderstand({
        loadRecogniser: async () => createRecogniser({ utterances }),
        input: Readable.from(lines.map((line) => `${line}\n`)),
      }),
    ],
    clock: () => new Date(0),
    newId: () => 'id',
    secretBytes: (length) => Buffer.alloc(length),
    openDatabase,
    stdout: { write: (text) => stdout.push(text) },
    stderr: { write: (text) => stderr.push(text) },
  })
  return { exitCode, lines: stdout.join('').split('\n').slice(0, -1), shown: stderr.join('') }
}

async function gone(): Promise<Database> {
  throw new Error('the database is away')
}

describe('regulars understand', () => {
  test('answers each line, an empty one too, with one line of JSON', async () => {
    const said = ['how many points do I have', '', '我的积分', 'two', 'x'.repeat(10_000)]
    const { exitCode, lines } = await understand(said)
    expect(exitCode).toBe(0)
    const answers = lines.map((line) => JSON.parse(line))
    expect(answers.map((answer) => answer.said)).toEqual(said)
    expect(Object.keys(answers[0])).toEqual(['said', 'locale', 'intent', 'score', 'entities'])
    expect(answers[0]).toMatchObject({ locale: 'en', intent: 'points-balance', score: expect.any(Number) })
    expect(answers[1]).toMatchObject({ intent: 'none', score: 0 })
    expect(answers[2]).toMatchObject({ locale: 'zh', intent: 'points-balance' })
    expect(answers[3]).toMatchObject({ intent: 'none', entities: { numbers: [2] } })
  })

  test('takes the language of what has no letters from the option', async () => {
    const { lines } = await understand(['123', '我的积分'], { args: ['--locale', 'zh'] })
    expect(lines.map((line) => JSON.parse(line).locale)).toEqual(['zh', 'zh'])
    expect(JSON.parse((await understand(['123'])).lines[0] ?? '').locale).toBe('en')
  })

  test('works without a database, and says on stderr what is missing', async () => {
    const { exitCode, lines, shown } = await understand(['my points'])
    expect([exitCode, lines.length]).toEqual([0, 1])
    expect(shown).toContain('without a database (the database is away)')
  })

  test('refuses a language that it does not know, naming those it does', async () => {
    const { exitCode, lines, shown } = await understand([], { args: ['--locale', 'fr'] })
    expect([exitCode, lines]).toEqual([2, []])
    expect(shown).toMatch(/en, zh/)
  })
})
