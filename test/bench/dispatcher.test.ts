import { spawnSync } from 'node:child_process'
import path from 'node:path'

const root = path.join(__dirname, '../..')

function bench(...args: string[]) {
  const hook = path.join(root, 'test/support/swc-register.cjs')
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', hook, path.join(root, 'bench/index.ts'), ...args],
    { encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

describe('the entry of the benchmarks', () => {
  test.each([
    ['an option that is not there', ['redeem', '--foo'], ['--foo', '--seconds', '--concurrency', '--help']],
    ['a value that makes no sense', ['redeem', '--seconds', 'soon'], ['soon', 'a number above 0']],
    ['a benchmark that is not there', ['sleep'], ['sleep', 'redeem']],
    ['nothing', [], ['redeem']],
  ])('%s exits 2, says what is allowed, and prints no result', (_, args, said) => {
    const { status, stdout, stderr } = bench(...args)
    expect(status).toBe(2)
    for (const text of said) expect(stderr).toContain(text)
    expect(stdout).toBe('')
  })

  test('--help is no failure', () => {
    expect(bench('redeem', '--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--concurrency') })
  })

  test('redeem prints one line of JSON, with nothing lost and nothing doubled', () => {
    const { status, stdout } = bench('redeem', '--seconds', '1', '--concurrency', '4')
    expect(status).toBe(0)
    const result: unknown = JSON.parse(stdout.trimEnd())
    expect(result).toMatchObject({ lost: 0, doubled: 0, invariantsBroken: 0 })
    expect(result).toMatchObject({
      perSecond: expect.any(Number),
      p99Ms: expect.any(Number),
      sqlPerSecond: expect.any(Number),
    })
  }, 60_000)
})
