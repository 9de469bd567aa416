import { registerMembers } from '../../src/cli/members'
import { registerSegments } from '../../src/cli/segments'
import { registerTrain } from '../../src/cli/train'
import { segmentsTrainer } from '../../src/core/segments/trainer'
import { drawFourKinds } from '../core/segments/drawn-shop'
import { useDatabase } from '../support/database'
import { setUpShop } from '../support/shop'
import { runCommand } from './terminal'

const database = useDatabase()
const registrations = [registerMembers, registerSegments, registerTrain([segmentsTrainer])]
const regulars = (...line: string[]) => runCommand(line, { registrations, database: database.current() })

describe('regulars segments', () => {
  test('an empty database: says so, and the result is there all the same', async () => {
    const { code, json, stderr } = await regulars('segments')
    expect(code).toBe(0)
    expect(stderr).toContain('nobody is scored yet')
    expect(json.at(-1)).toMatchObject({ members: 0, clusters: [] })
  })

  test('members are listed before anything is scored', async () => {
    await setUpShop(database.current())
    await drawFourKinds(database.current(), { each: 30 })
    const { json, stderr } = await regulars('members', '--limit', '1')
    expect(json.at(-1)).toMatchObject({ members: [{ segment: null, cluster: null, stage: null }] })
    expect(stderr).toContain('not scored yet')
  })

  test('scored without a model: groups and stages, and why there are no clusters', async () => {
    await regulars('score')
    const { json, stderr } = await regulars('segments')
    expect(json.at(-1)).toMatchObject({ members: 120, clusters: [], groups: { length: 11 }, stages: { length: 7 } })
    expect(stderr).toContain('Champions · 核心会员')
    expect(stderr).toContain('clusters: not trained yet')
  })

  test('trained and scored: clusters with size, share, spend, words and strategy; members show theirs', async () => {
    const trained = await regulars('train')
    expect(trained.json.at(-1)).toMatchObject({ models: { segments: { status: 'in-use' } } })
    await regulars('score')
    const { json, stderr } = await regulars('segments')
    const { clusters } = json.at(-1) as { clusters: { members: number; share: number }[] }
    expect(clusters.reduce((sum, { members }) => sum + members, 0)).toBe(120)
    expect(clusters.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 10)
    expect(stderr).toMatch(/c1: Typically \d+ days? since the last order.*通常距上次下单/)
    // Among the best of all, and three weeks late for somebody who came every week.
    const members = await regulars('members', '--limit', '1', '--search', 'often7')
    expect(members.json.at(-1)).toMatchObject({
      members: [{ id: 'often7', segment: 'champions', cluster: expect.stringMatching(/^c\d$/), stage: 'churned' }],
    })
    expect(members.stderr).not.toContain('not scored yet')
  })

  test('a strategy is written down, and is there after the next training', async () => {
    const set = await regulars(
      'segments',
      'strategy',
      'champions',
      '--en',
      'Tea with the owner.',
      '--zh',
      '请老板娘奉茶。',
    )
    expect(set).toMatchObject({ code: 0, json: [{ code: 'champions', strategy: { zh: '请老板娘奉茶。' } }] })
    await regulars('train')
    await regulars('score')
    const { stderr } = await regulars('segments')
    expect(stderr).toContain('→ Tea with the owner. (yours, 2026-11-22)')
    expect(stderr).toContain('→ 请老板娘奉茶。')
  })

  test.each([
    [
      'no such group',
      ['vips', '--en', 'a', '--zh', '一'],
      1,
      'there is no group or cluster "vips"; there are champions,',
    ],
    ['no words', ['new', '--en', ' ', '--zh', '一'], 1, 'words in both languages'],
    ['one language only', ['new', '--en', 'a'], 2, '--zh'],
    ['no code', ['--en', 'a', '--zh', '一'], 2, 'code'],
  ])('%s: refused', async (_, line, code, says) => {
    const said = await regulars('segments', 'strategy', ...line)
    expect(said.code).toBe(code)
    expect(said.stderr).toContain(says)
    expect(said.json).toEqual([])
  })
})
