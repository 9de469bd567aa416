import { spawnSync } from 'node:child_process'
import path from 'node:path'

const root = path.join(__dirname, '../..')

function features(...args: string[]) {
  const hook = path.join(root, 'test/support/swc-register.cjs')
  return spawnSync(process.execPath, ['-r', hook, path.join(root, 'bench/index.ts'), 'features', ...args], {
    encoding: 'utf8',
  })
}

test('features prints one line of JSON, with features for each member and both sides timed', () => {
  const { status, stdout } = features('--members', '800', '--orders', '6000', '--rounds', '1')
  expect(status).toBe(0)
  const result: unknown = JSON.parse(stdout.trimEnd())
  expect(result).toMatchObject({
    ...{ members: 800, orders: 6000, rows: 800, rounds: 1, target: 1.5 },
    ...{ seconds: expect.any(Number), sqlSeconds: expect.any(Number), ratio: expect.any(Number) },
    scoreSeconds: { logistic: expect.any(Number), forest: expect.any(Number) },
  })
}, 60_000)

test('a size that makes no sense exits 2 and says what is allowed', () => {
  const { status, stdout, stderr } = features('--members', 'many')
  expect(status).toBe(2)
  expect(stderr).toContain('a whole number from 1')
  expect(stdout).toBe('')
})
