import { registerExperiments } from '../../src/cli/experiments'
import { useDatabase } from '../support/database'
import { setUpShop } from '../support/shop'
import { runCommand } from './terminal'

const database = useDatabase()
beforeAll(() => setUpShop(database.current()))

const replies = [{ reply: 'tea.greeting', arms: ['short', 'long', 'odd'], outcome: 'resolved', withinDays: 2 }] as const
const registrations = [registerExperiments(replies)]
const regulars = (...line: string[]) => runCommand(line, { registrations, database: database.current() })

describe('regulars experiments', () => {
  test('on the wordings of a reply: what its conversation says unless told otherwise', async () => {
    const started = await regulars('experiments', 'start', 'greeting', '--reply', 'tea.greeting')
    expect(started.json.at(-1)).toEqual({
      code: 'greeting',
      kind: 'reply',
      reply: 'tea.greeting',
      status: 'running',
      arms: ['short', 'long'],
      outcome: 'resolved',
      attributionDays: 2,
    })
    expect((await regulars('experiments', 'start', 'again', '--reply', 'tea.greeting')).stderr).toContain(
      'the experiment "greeting" is running; end it first',
    )
    const db = database.current()
    await db.sql`
      insert into exposure (experiment_id, member_id, arm, propensity, exposed_at)
      select id, 'R' || n, case when n % 2 = 0 then 'short' else 'long' end, 0.5, '2026-11-01' from experiment, generate_series(1, 40) n`
    const { json, stderr } = await regulars('experiments', 'show', 'greeting')
    expect(stderr).toMatch(/arm +members +judged +resolved +lift a member/)
    expect(stderr).toContain('not enough yet (20 of 100 members)')
    expect(json.at(-1)).toMatchObject({
      reply: 'tea.greeting',
      outcomes: [{ judged: 20, successes: 20 }, { judged: 20 }],
    })
    expect((await regulars('experiments', 'list')).stderr).toContain('tea.greeting')
    const bare = await regulars('experiments', 'show', 'greeting', '--json')
    expect(bare).toEqual({ code: 0, json: [json.at(-1)], stderr: '' })
    expect((await regulars('experiments', 'end', 'greeting')).code).toBe(0)
    const other = ['--reply', 'tea.greeting', '--arms', 'odd,long', '--outcome', 'ordered', '--attribution-days', '9']
    expect((await regulars('experiments', 'start', 'other', ...other)).json.at(-1)).toMatchObject({
      arms: ['odd', 'long'],
      outcome: 'ordered',
      attributionDays: 9,
    })
  })

  test('on recommenders, as before, beside it', async () => {
    expect((await regulars('experiments', 'start', 'recommending')).json.at(-1)).toMatchObject({
      kind: 'recommender',
      arms: ['trained', 'buy-again'],
      outcome: 'revenue',
      attributionDays: 30,
    })
    expect((await regulars('experiments', 'show', 'recommending')).stderr).toMatch(/arm +members +revenue +lift/)
  })

  test.each([
    [['--reply', 'nothing'], '"nothing" given, allowed: tea.greeting'],
    [['--reply', 'tea.greeting', '--arms', 'trained,short'], 'allowed: two or more of short, long, odd'],
    [['--arms', 'trained'], 'allowed: two or more of trained, buy-again, popular'],
    [['--outcome', 'joy'], 'allowed: revenue, ordered, redeemed, resolved, rated-well'],
  ])('called wrongly says what is allowed: %j', async (flags, says) => {
    const { code, stderr, json } = await regulars('experiments', 'start', 'wrong', ...flags)
    expect(code).toBe(2)
    expect(stderr).toContain(says)
    expect(json).toEqual([])
  })
})
