import { readBelief } from '../../../src/core/retention/belief'
import { putCampaign } from '../../../src/core/retention/campaigns'
import { STATED_PRIOR } from '../../../src/core/retention/decide'
import { useDatabase } from '../../support/database'
import { campaign } from './fixtures'

const AT = new Date('2026-11-22T12:00:00Z')
const daysLater = (days: number) => new Date(AT.getTime() + days * 86_400_000)
const database = useDatabase()

test('before own campaigns the stated prior is believed; one that is over moves it by how sure it is, one that is not does not', async () => {
  const db = database.current()
  const read = (days: number) => readBelief(db, { kind: 'offers', at: daysLater(days) })
  expect(await read(0)).toEqual(STATED_PRIOR)
  await db.tx((tx) => putCampaign(tx, { definition: campaign(), at: AT }))
  await db.sql`
    insert into campaign_member (campaign_id, member_id, arm, propensity, assigned_at)
    select id, 'M1', 'small', 0.5, ${AT} from campaign`
  // 5 more in a hundred, on 20,000 members each; an earlier count is not counted as well.
  for (const [until, buyers] of [
    ['2026-11-25', 900],
    ['2026-12-20', 2_000],
  ] as const)
    await db.sql`
      insert into campaign_outcome (campaign_id, arm, segment, until, members, buyers, revenue_minor, revenue_squared,
        covariate_minor, covariate_squared, revenue_covariate, offer_cost_minor)
      select id, arm, 'at-risk', ${until}::date, 20000, ${buyers}::int + case arm when 'control' then 0 else 1000 end, 0, 0, 0, 0, 0, 0
      from campaign, unnest('{control,small}'::text[]) arm`
  expect(await read(29)).toEqual(STATED_PRIOR)
  const { mean, deviation } = await read(31)
  expect(mean).toBeGreaterThan(0.048)
  expect(mean).toBeLessThan(0.05)
  expect(deviation).toBeLessThan(0.005)
  expect(await readBelief(db, { kind: 'reminders', at: daysLater(31) })).toEqual(STATED_PRIOR)
})
