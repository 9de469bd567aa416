import { registerTrain } from '../../src/cli/train'
import { standInTrainer } from '../core/training/stand-in-trainer'
import { useDatabase } from '../support/database'
import { runCommand } from './terminal'

describe('regulars train and score', () => {
  const database = useDatabase()

  async function run(line: string[], trainer = standInTrainer({ value: 0.8, baseline: 0.7 })) {
    const said = await runCommand(line, { registrations: [registerTrain([trainer])], database: database.current() })
    return { ...said, result: said.json.at(-1) as Record<string, Record<string, object>> }
  }

  test('too little data: exit 0, and what is missing, for people and programs', async () => {
    const { code, result, stderr } = await run(['train'], standInTrainer({ missing: 4 }))
    expect(code).toBe(0)
    expect(stderr).toContain('stand-in: not enough yet (orders: 4 of 10 needed)')
    expect(result.models?.['stand-in']).toMatchObject({ status: 'not-enough-data' })
  })

  test('train, then score', async () => {
    const trained = await run(['train'])
    expect(trained.stderr).toContain('stand-in: in use; auc 0.8, beside it a guess 0.7')
    expect(trained.result.models?.['stand-in']).toMatchObject({ status: 'in-use', figures: { auc: 0.8 } })
    const { result, stderr } = await run(['score'])
    expect(stderr).toMatch(/stand-in: model \d+ of 2026-11-22; members 1/)
    expect(result.scores?.['stand-in']).toMatchObject({ result: { members: 1 } })
    const worse = await run(['train'], standInTrainer({ value: 0.71, baseline: 0.7 }))
    expect(worse.stderr).toContain('not put in use (worse than the one in use)')
  })

  test('an unknown model is called wrongly, and hears which there are', async () => {
    const { code, stderr } = await run(['train', '--only', 'crystal-ball'])
    expect(code).toBe(2)
    expect(stderr).toContain('There is no model "crystal-ball". Allowed: stand-in.')
  })
})
