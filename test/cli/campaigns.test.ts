import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { registerCampaigns } from '../../src/cli/campaigns'
import { useDatabase } from '../support/database'
import { useScratchFolder } from '../support/scratch-folder'
import { addMember, setUpShop } from '../support/shop'
import { runCommand } from './terminal'

const database = useDatabase()
const folder = useScratchFolder()
const HINT = 'those of the last "regulars score"'

function count(audience: object) {
  const file = path.join(folder, 'campaign.json')
  const content = { title: 'Hello', text: 'Hello {name}', button: 'Look' }
  const campaign = { code: 'hello', name: 'Hello', kind: 'offers', audience, content: { en: content, zh: content } }
  writeFileSync(
    file,
    JSON.stringify({ ...campaign, controlShare: 0.2, attributionDays: 30, startsAt: '2026-11-20T00:00:00Z' }),
  )
  return runCommand(['campaigns', 'count', file], { registrations: [registerCampaigns], database: database.current() })
}

test('an audience is counted; where nobody is in it, what it goes by is told', async () => {
  await setUpShop(database.current())
  await addMember(database.current(), { id: 'M1' })
  const everybody = await count({})
  expect(everybody).toMatchObject({ code: 0, json: [{ members: 1, outOfReach: 1, segments: { 'not scored': 1 } }] })
  expect(everybody.stderr).not.toContain(HINT)
  expect(await count({ groups: ['at-risk'] })).toMatchObject({
    code: 0,
    json: [{ members: 0 }],
    stderr: expect.stringContaining(HINT),
  })
})
