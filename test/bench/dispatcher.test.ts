import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { useScratchFolder } from '../support/scratch-folder'

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
    ['a share that leaves nothing', ['top-n', '--test-ratio', '1'], ['--test-ratio', 'between 0 and 1']],
    ['more folds than are told apart', ['churn-orders', '--folds', '256'], ['--folds', 'from 2 to 255']],
    ['a benchmark that is not there', ['sleep'], ['sleep', 'redeem']],
    ['nothing', [], ['redeem']],
  ])('%s exits 2, says what is allowed, and prints no result', (_, args, said) => {
    const { status, stdout, stderr } = bench(...args)
    expect(status).toBe(2)
    for (const text of said) expect(stderr).toContain(text)
    expect(stdout).toBe('')
  })

  describe('a file', () => {
    const folder = useScratchFolder()
    const write = (name: string, text: string) => {
      const file = path.join(folder, name)
      writeFileSync(file, text)
      return file
    }

    test.each([
      ['that is not there', undefined, 'cannot be read'],
      ['with a line that is too short', 'a,b\n1,2\n3\n', 'cannot be read'],
      ['with a blank field', 'a,b\n1,2\n3,\n', 'line 3'],
    ])('%s exits 2 and says where', (_, text, said) => {
      const file = text === undefined ? path.join(folder, 'none.csv') : write('points.csv', text)
      const { status, stdout, stderr } = bench('kmeans', '--data', file, '--clusters', '1')
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(stderr).toContain(said)
      expect(stderr).toContain(file)
    })

    test('of orders with a blank amount is no order for nothing', () => {
      const file = write('orders.csv', 'customer,date,amount\nA,2026-01-01,5\nA,2026-01-20,\n')
      const days = ['--calibration-days', '10', '--holdout-days', '10']
      const { status, stderr } = bench('churn-orders', '--csv', file, ...days)
      expect(status).toBe(2)
      expect(stderr).toContain('line 3')
    })
  })

  test('one fold leaves nothing to learn from', () => {
    const { status, stderr } = bench('churn-table', '--csv', 'x', '--label', 'y', '--positive', 'z', '--folds', '1')
    expect(status).toBe(2)
    expect(stderr).toContain('a whole number from 2')
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
