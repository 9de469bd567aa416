import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { useScratchFolder } from '../support/scratch-folder'

const root = path.join(__dirname, '../..')
const folder = useScratchFolder()

interface Stage {
  /** What a check (`biome`, `tsc`, `knip`) or the setup exits with, where not 0. */
  exits?: Record<string, number>
  /** What jest writes as its results; absent: it crashes. */
  results?: object
  /** What jest says on stderr. */
  says?: string
  jestExit?: number
  args?: string[]
  ci?: boolean
}

const programs = {
  setup: 'scripts/setup.mjs',
  biome: 'node_modules/@biomejs/biome/bin/biome',
  tsc: 'node_modules/typescript/bin/tsc',
  knip: 'node_modules/knip/bin/knip.js',
}

/** Runs scripts/test.mjs on stand-ins; gives its exit code, its lines, and what jest was called with. */
function runTests({ exits = {}, results, says = '', jestExit = 0, args = [], ci = false }: Stage) {
  const checkout = mkdtempSync(path.join(folder, 'checkout-'))
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(checkout, file)), { recursive: true })
    writeFileSync(path.join(checkout, file), text)
  }
  for (const [name, file] of Object.entries(programs)) {
    write(file, `console.log('${name} ran'); process.exitCode = ${exits[name] ?? 0}`)
  }
  cpSync(path.join(root, 'scripts/test.mjs'), path.join(checkout, 'scripts/test.mjs'))
  write(
    'node_modules/jest/bin/jest.js',
    `const file = process.argv.find((arg) => arg.startsWith('--outputFile=')).slice(13)
const results = ${JSON.stringify(results ?? null)}
if (results) require('node:fs').writeFileSync(file, JSON.stringify(results))
console.error('jest ' + process.argv.slice(4).join(' '))
console.error(${JSON.stringify(says)})
process.exitCode = ${jestExit}`,
  )
  const env = { ...process.env, CI: ci ? 'true' : '' }
  const { status, stdout } = spawnSync(process.execPath, ['scripts/test.mjs', ...args], {
    cwd: checkout,
    env,
    encoding: 'utf8',
  })
  const lines = stdout.trimEnd().split('\n')
  return { status, last: lines.at(-1), stdout }
}

const clean = {
  numPassedTests: 10,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  testResults: [],
}
const withoutBrowser = {
  ...clean,
  numPendingTests: 3,
  testResults: [
    { name: '/x/test/browser/chat.test.ts', assertionResults: [{ status: 'pending' }, { status: 'pending' }] },
    { name: '/x/test/core/points.test.ts', assertionResults: [{ status: 'passed' }, { status: 'pending' }] },
  ],
}

describe('npm test', () => {
  test('ends with one line that counts checks and tests', () => {
    expect(runTests({ results: clean })).toMatchObject({ status: 0, last: '16 passed, 0 failed, 0 skipped' })
  })

  test.each([
    { name: 'setup', fail: 1 },
    { name: 'biome', fail: 1 },
    { name: 'tsc', fail: 3 },
    { name: 'knip', fail: 1 },
  ])('a failing $name is a failure, and the tests run all the same', ({ name, fail }) => {
    const { status, last, stdout } = runTests({ exits: { [name]: 1 }, results: clean })
    expect({ status, last }).toEqual({ status: 1, last: `${16 - fail} passed, ${fail} failed, 0 skipped` })
    expect(stdout).toMatch(/\nfailed: /)
    expect(stdout.match(new RegExp(`${name} ran`, 'g'))).toHaveLength(fail)
  })

  test('failing tests and files that could not run are failures', () => {
    const results = { ...clean, numFailedTests: 2, numRuntimeErrorTestSuites: 1, numTodoTests: 1 }
    expect(runTests({ results, jestExit: 1 })).toMatchObject({ status: 1, last: '16 passed, 3 failed, 1 skipped' })
  })

  test('a crash of jest is a failure', () => {
    expect(runTests({ jestExit: 134 })).toMatchObject({ status: 1, last: '6 passed, 1 failed, 0 skipped' })
    expect(runTests({ results: clean, jestExit: 1 })).toMatchObject({
      status: 1,
      last: '16 passed, 1 failed, 0 skipped',
    })
  })

  test.each([
    'A worker process has failed to exit gracefully and has been force exited.',
    'Jest did not exit one second after the test run has completed.',
  ])('"%s" is a failure', (says) => {
    expect(runTests({ results: clean, says })).toMatchObject({ status: 1, last: '16 passed, 1 failed, 0 skipped' })
  })

  test('with arguments runs only the tests, with them', () => {
    const { status, last, stdout } = runTests({ results: clean, args: ['test/core', '--verbose'] })
    expect({ status, last }).toEqual({ status: 0, last: '11 passed, 0 failed, 0 skipped' })
    expect(stdout).toMatch(/jest test\/core --verbose/)
  })
})

describe('browser tests without a browser', () => {
  test('are skipped loudly', () => {
    const { status, last, stdout } = runTests({ results: withoutBrowser })
    expect({ status, last }).toEqual({ status: 0, last: '16 passed, 0 failed, 3 skipped' })
    expect(stdout).toMatch(/║ 2 BROWSER TESTS WERE SKIPPED/)
  })

  test('fail in CI', () => {
    expect(runTests({ results: withoutBrowser, ci: true })).toMatchObject({
      status: 1,
      last: '16 passed, 1 failed, 3 skipped',
    })
  })
})
