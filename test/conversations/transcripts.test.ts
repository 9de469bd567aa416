import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { verifyLedger } from '../../src/core/points/verify'
import { useDatabase } from '../support/database'
import { fillFixtureShop } from '../support/fixture-shop'
import { rolledBack } from '../support/rolled-back'
import { Stage } from '../support/stage'
import { matches, parseTranscript, type Scenario, spoken } from '../support/transcript'
import { NOW } from '../support/turns'
import { faultsOf } from '../support/well-formed'

const files = readdirSync(__dirname).filter((name) => name.endsWith('.txt'))

const database = useDatabase({ connectionsMax: 2 })
beforeAll(() => fillFixtureShop(database.current()))

describe.each(files)('%s', (file) => {
  const scenarios = parseTranscript(readFileSync(path.join(__dirname, file), 'utf8'))
  test.each(scenarios.map((scenario) => [scenario.title, scenario] as const))('%s', async (title, scenario) => {
    await rolledBack(database.current(), async (inside) => {
      const locale = file.endsWith('.zh.txt') ? 'zh' : 'en'
      await play(scenario, new Stage(inside, `${file} ${title}`, locale))
      const faults = (await verifyLedger(inside, { at: NOW })).filter(({ ok }) => !ok)
      expect(faults).toEqual([])
    })
  })
})

test('every conversation has its transcripts in both languages', () => {
  const names = (locale: string) =>
    files.filter((file) => file.endsWith(`.${locale}.txt`)).map((file) => file.split('.')[0])
  expect(names('en')).toEqual(names('zh'))
  expect(names('en').length).toBeGreaterThan(10)
})

async function play({ steps }: Scenario, stage: Stage): Promise<void> {
  for (const step of steps) {
    if (step.kind === 'order') {
      await stage.order(step)
      continue
    }
    const replies = await stage.hear(step.text)
    const heading = `line ${step.line}: > ${step.text}`
    if (step.replies.length > 0 && !matches(step.replies, replies)) {
      // A mismatch is shown as a comparison of the two texts.
      expect(`${heading}\n${spoken(replies)}`).toBe(`${heading}\n${step.replies.join('\n')}`)
    }
    expect(replies.flatMap(faultsOf)).toEqual([])
    for (const absent of step.absent) expect(`${heading}\n${JSON.stringify(replies)}`).not.toContain(absent)
    if (step.buttons) expect(replies.at(-1)?.quickReplies?.map(({ title }) => title) ?? []).toEqual(step.buttons)
  }
}
