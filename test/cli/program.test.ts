import { CommandFailure, UsageError } from '../../src/cli/context'
import { registerImport } from '../../src/cli/import'
import { registerMembers } from '../../src/cli/members'
import type { Register } from '../../src/cli/program'
import { renderTable } from '../../src/cli/table'
import { runCommand } from './terminal'

const failing: Register = (program) => {
  program.command('fail').action(() => {
    throw new CommandFailure('it cannot be done', { code: 'cannot' }, { cause: new Error('the disk is full') })
  })
  program.command('misuse').action(() => {
    throw new UsageError('not like this')
  })
  program.command('crash').action(() => {
    throw new TypeError('x is not a function')
  })
}

const registrations = [registerImport, registerMembers, failing]
const run = (...line: string[]) => runCommand(line, { registrations })

describe('a wrong command line lists what is allowed and exits 2', () => {
  test.each([
    { line: [], says: ['commands: import, members'] },
    { line: ['improt'], says: ["unknown command 'improt'", 'Did you mean import?', 'commands: import, members'] },
    { line: ['members', '--limti', '3'], says: ["unknown option '--limti'", '--limit <n>; --search <text>'] },
    { line: ['members', '--limit', '0'], says: ['a whole number from 1 to 1000000', 'options of members'] },
    { line: ['members', '--limit', '3.5'], says: ['a whole number from 1'] },
    { line: ['members', '--limit'], says: ['argument missing'] },
    { line: ['members', 'more'], says: ['too many arguments'] },
    { line: ['import'], says: ["missing required argument 'file'", 'usage: regulars import [options] <file>'] },
    { line: ['import', 'x.csv', '--format', 'xml'], says: ['Allowed choices are online-retail, orders'] },
    { line: ['import', 'x.csv', '--currency', 'pounds'], says: ['GBP, EUR, CNY'] },
    { line: ['import', 'x.csv', '--time-zone', 'Mars/Olympus'], says: ['Europe/London'] },
    { line: ['misuse'], says: ['not like this', 'options of misuse'] },
  ])('regulars $line', async ({ line, says }) => {
    const { code, json, stderr } = await run(...line)
    expect({ code, json }).toEqual({ code: 2, json: [] })
    for (const text of says) expect(stderr).toContain(text)
    expect(stderr).not.toContain('    at ')
  })
})

describe('a failure is one message and exits 1', () => {
  test('with what caused it', async () => {
    expect(await run('fail')).toEqual({ code: 1, json: [], stderr: 'regulars: it cannot be done: the disk is full\n' })
  })

  test('without a stack, unless asked for', async () => {
    expect((await run('crash')).stderr).toBe('regulars: x is not a function\n')
    expect((await run('--debug', 'crash')).stderr).toContain('    at ')
  })
})

describe('--json', () => {
  const shown: Register = (program, context) => {
    const show = (faulty: boolean) => {
      context.say('for people')
      context.table([{ title: 'n', value: (row: { n: number }) => row.n }], [{ n: 1 }])
      context.progress({ label: 'doing', total: 1 }).stop()
      const refusal = { ok: false, code: 'one-is-running', running: 'another' }
      if (faulty) throw new CommandFailure('it cannot be done', refusal)
      context.json({ n: 1 })
    }
    const group = program.command('group')
    group.command('show').action(() => show(false))
    group.command('fail').action(() => show(true))
  }
  const shownBy = (...line: string[]) => runCommand(line, { registrations: [shown] })

  test('leaves the result alone, and failures; every command has it', async () => {
    expect((await shownBy('group', 'show')).stderr).toContain('for people')
    expect(await shownBy('group', 'show', '--json')).toEqual({ code: 0, json: [{ n: 1 }], stderr: '' })
    const failed = await shownBy('group', 'fail', '--json')
    const why = { ok: false, code: 'one-is-running', message: 'it cannot be done', running: 'another' }
    expect(failed).toEqual({ code: 1, json: [why], stderr: 'regulars: it cannot be done\n' })
    expect((await run('members', '--help')).stderr).toMatch(/--json +only the result, as JSON/)
  })

  test('stands before the command, or before one of a group, as well', async () => {
    const result = { code: 0, json: [{ n: 1 }], stderr: '' }
    expect(await shownBy('--json', 'group', 'show')).toEqual(result)
    expect(await shownBy('group', '--json', 'show')).toEqual(result)
    expect((await shownBy('--json', 'group', 'fail')).json).toMatchObject([{ ok: false, code: 'one-is-running' }])
  })

  test('what fails unexpectedly says so, too', async () => {
    const why = { ok: false, code: 'unexpected', message: 'x is not a function' }
    expect(await run('crash', '--json')).toMatchObject({ code: 1, json: [why] })
  })

  test('called wrongly it still says what is allowed', async () => {
    const { code, json, stderr } = await run('members', '--json', '--limit', 'x')
    expect(code).toBe(2)
    expect(json).toMatchObject([{ ok: false, code: 'usage', message: expect.stringContaining('--limit') }])
    expect(stderr).toContain('--limit <n>; --search <text>; --json')
  })
})

test('help exits 0 and has examples', async () => {
  for (const line of [['--help'], ['import', '--help'], ['members', '-h']]) {
    const { code, json } = await run(...line)
    expect({ code, json }).toEqual({ code: 0, json: [] })
  }
  expect((await run('import', '--help')).stderr).toContain('regulars import orders.csv')
})

test('a table aligns numbers to the right, shows what is unknown as a dash, and knows that Chinese is wide', () => {
  const rows = [
    { name: '王芳', points: 1200 },
    { name: 'Ann', points: null },
  ]
  const text = renderTable(
    [
      { title: 'name', value: (row) => row.name },
      { title: 'points', value: (row) => row.points },
    ],
    rows,
  )
  expect(text).toBe('name  points\n────  ──────\n王芳    1200\nAnn        –\n')
})
