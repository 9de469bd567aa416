// `npm test`: sets the checkout up, runs the checks and the tests, and ends with one line: N passed, N failed, N skipped.
// `npm test -- ARGS` runs only the tests, and hands ARGS to jest.

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const jestArgs = process.argv.slice(2)

/** What jest says when a test left something open. Its results do not show it, so its words are the only sign. */
const LEAKS = ['Jest did not exit one second after', 'A worker process has failed to exit gracefully']
const LINGER_MS = 5_000

const total = { passed: 0, failed: 0, skipped: 0 }
const failures = []

await check('setup', ['scripts/setup.mjs'])
// A build that failed is no reason not to see which tests still pass; without packages nothing can run.
if (existsSync(path.join(root, 'node_modules/jest'))) {
  if (jestArgs.length === 0) await runChecks()
  await runJest()
}
for (const failure of failures) console.log(`failed: ${failure}`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 ? 1 : 0

/** As many at once as there are cores; none needs what another makes. */
async function runChecks() {
  const tsc = 'node_modules/typescript/bin/tsc'
  const due = [
    ['types', [tsc, '--noEmit']],
    ['unused code (knip)', ['node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints']],
    ['types of the console', [tsc, '--noEmit', '-p', 'src/web/console']],
    ['types of the pages', [tsc, '--noEmit', '-p', 'src/web']],
    ['biome', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']],
  ]
  const work = async () => {
    for (let next = due.shift(); next; next = due.shift()) await check(...next, { atOnce: true })
  }
  await Promise.all(Array.from({ length: os.availableParallelism() }, work))
}

/** One check is one test: passed or failed. With `atOnce` all it says comes at its end, as others run beside it. */
async function check(name, args, { atOnce = false } = {}) {
  const startedAt = performance.now()
  const said = []
  const code = await run(args, atOnce ? { hear: (text) => said.push(text) } : {})
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  process.stdout.write(said.join(''))
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
  if (code === 0) total.passed += 1
  else fail(name)
}

async function runJest() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regulars-results-'))
  const file = path.join(folder, 'results.json')
  const leaks = new Set()
  // Workers take over what Node was told: room for new objects saves them a part of collecting the old ones.
  const args = [
    '--max-semi-space-size=64',
    'node_modules/jest/bin/jest.js',
    '--json',
    `--outputFile=${file}`,
    ...jestArgs,
  ]
  // With --json jest tells people on stderr; what it says on stdout is for programs, and in the file too.
  const code = await run(args, { showStdout: false, look: (child, text) => noteLeaks(child, text, leaks) })
  for (const leak of leaks) fail(`a test left something open ("${leak} …")`)
  if (existsSync(file)) addResults(JSON.parse(readFileSync(file, 'utf8')))
  else fail('jest ended without results')
  if (code !== 0 && total.failed === 0) fail(`jest ended with code ${code}`)
  rmSync(folder, { recursive: true, force: true })
}

function noteLeaks(child, text, leaks) {
  for (const leak of LEAKS) if (text.includes(leak)) leaks.add(leak)
  // Jest would wait for ever for what was left open.
  if (leaks.has(LEAKS[0])) setTimeout(() => child.kill('SIGTERM'), LINGER_MS).unref()
}

function addResults(results) {
  total.passed += results.numPassedTests
  total.skipped += results.numPendingTests + results.numTodoTests
  if (results.numFailedTests > 0) fail(`${results.numFailedTests} tests`, results.numFailedTests)
  const broken = results.numRuntimeErrorTestSuites
  if (broken > 0) fail(`${broken} test files that could not run`, broken)
  const browserFiles = results.testResults.filter(({ name }) => name.includes(`${path.sep}browser${path.sep}`))
  const skipped = browserFiles
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'pending')
  if (skipped.length > 0 && jestArgs.length === 0) reportNoBrowser(skipped.length)
}

function reportNoBrowser(count) {
  const lines = [
    `${count} BROWSER TESTS WERE SKIPPED: no Chromium was found on this machine.`,
    'Install chromium (or Google Chrome), or set CHROMIUM to the path of one, and run npm test again.',
  ]
  const width = Math.max(...lines.map((line) => line.length))
  console.log(`\n╔${'═'.repeat(width + 2)}╗`)
  for (const line of lines) console.log(`║ ${line.padEnd(width)} ║`)
  console.log(`╚${'═'.repeat(width + 2)}╝\n`)
  if (process.env.CI === 'true') fail('the browser tests must not be skipped in CI')
}

function fail(name, count = 1) {
  failures.push(name)
  total.failed += count
}

/** Runs a Node program, showing its output as it comes, or giving it to `hear`; resolves to its exit code. */
function run(args, { hear, showStdout = true, look } = {}) {
  return new Promise((resolve) => {
    const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['inherit', 'pipe', 'pipe'],
      env: { ...process.env, ...color },
    })
    const passOn = (signal) => child.kill(signal)
    process.once('SIGTERM', passOn)
    const show = (stream) => {
      if (hear) stream.setEncoding('utf8').on('data', hear)
      else stream.pipe(process.stdout, { end: false })
    }
    if (showStdout) show(child.stdout)
    else child.stdout.resume()
    show(child.stderr)
    if (look) child.stderr.on('data', (data) => look(child, data.toString()))
    child.once('close', (code) => {
      process.off('SIGTERM', passOn)
      resolve(code ?? 1)
    })
  })
}
