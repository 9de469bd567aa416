import { DamagedModelError, readModelInUse } from '../../../src/core/training/model-store'
import { scoreMembers } from '../../../src/core/training/score'
import { type RunOptions, trainModels } from '../../../src/core/training/train'
import { useDatabase } from '../../support/database'
import { standInTrainer } from './stand-in-trainer'

const options: RunOptions = { at: new Date('2026-11-22T10:00:00Z'), seed: 7, threads: 1 }

describe('keeping models', () => {
  const database = useDatabase()
  beforeEach(() => database.current().sql`truncate trained_model`)

  async function train(trainer: ReturnType<typeof standInTrainer>) {
    const [trained] = await trainModels(database.current(), [trainer], options)
    return trained
  }
  const kept = () =>
    database.current().sql<{ status: string; hasBytes: boolean; figures: object }>`
      select status, bytes is not null as "hasBytes", figures from trained_model order by id`

  test('too little data says what is missing, keeps nothing, and scoring goes on without a model', async () => {
    const trainer = standInTrainer({ missing: 3 })
    expect(await train(trainer)).toEqual({
      kind: 'stand-in',
      status: 'not-enough-data',
      missing: [{ what: 'orders', have: 3, need: 10 }],
    })
    expect(await kept()).toEqual([])
    expect(await scoreMembers(database.current(), [trainer], options)).toEqual([
      { kind: 'stand-in', model: null, trainedAt: null, result: { members: 0 } },
    ])
  })

  test.each([
    { first: 0.7, second: 0.75, inUse: 0.75, reason: undefined },
    { first: 0.7, second: 0.696, inUse: 0.696, reason: undefined },
    { first: 0.7, second: 0.69, inUse: 0.7, reason: 'worse-than-in-use' },
    { first: 0.7, second: Number.NaN, inUse: 0.7, reason: 'figure-unknown' },
  ])('after $first came $second: $inUse is in use', async ({ first, second, inUse, reason }) => {
    expect(await train(standInTrainer({ value: first }))).toMatchObject({ status: 'in-use' })
    const later = standInTrainer({ value: second })
    const result = await train(later)
    expect(result).toMatchObject(reason ? { status: 'rejected', reason } : { status: 'in-use' })
    expect(later.seen.inUse?.figures).toEqual({ auc: first })
    await scoreMembers(database.current(), [later], options)
    expect(later.seen.scored).toBe(inUse)
    const statuses = (await kept()).map(({ status, hasBytes }) => [status, hasBytes])
    expect(statuses).toEqual(
      reason
        ? [
            ['in-use', true],
            ['rejected', false],
          ]
        : [
            ['replaced', false],
            ['in-use', true],
          ],
    )
  })

  test('what does not beat its baseline is not put in use, even as the first', async () => {
    expect(await train(standInTrainer({ value: 0.6, baseline: 0.6 }))).toMatchObject({
      status: 'rejected',
      reason: 'not-better-than-baseline',
    })
    expect(await readModelInUse(database.current(), { kind: 'stand-in' })).toBeUndefined()
  })

  test('damaged bytes are refused, and a new training takes their place', async () => {
    await train(standInTrainer({ value: 0.9 }))
    await database.current().sql`update trained_model set bytes = set_byte(bytes, 20, 255 - get_byte(bytes, 20))`
    await expect(readModelInUse(database.current(), { kind: 'stand-in' })).rejects.toThrow(DamagedModelError)
    expect(await train(standInTrainer({ value: 0.5 }))).toMatchObject({ status: 'in-use' })
    expect((await readModelInUse(database.current(), { kind: 'stand-in' }))?.figures).toEqual({ auc: 0.5 })
  })

  test('two trainings at once: one model is in use, both are on record', async () => {
    const [a, b] = [standInTrainer({ value: 0.8 }), standInTrainer({ value: 0.81 })]
    await Promise.all([train(a), train(b)])
    const statuses = (await kept()).map(({ status }) => status)
    expect(statuses).toEqual(['replaced', 'in-use'])
  })
})
