import { Client } from 'pg'
import { useDatabase } from '../../support/database'

const database = useDatabase()
const MEMBERS = 3_000

test('an audience is gone through by several processes, none of which hashes in memory that they share', async () => {
  const client = new Client({ connectionString: database.current().url })
  const plans: string[] = []
  client.on('notice', ({ message }) => plans.push(message ?? ''))
  await client.connect()
  try {
    await client.query(`
      set session_replication_role = replica;
      insert into member (id, source, joined_at, tier_code, tier_reviewed_at)
        select 'member-' || n, 'shop', now(), 'none', now() from generate_series(1, ${MEMBERS}) n;
      insert into message_consent (member_id, kind, channel, status, at, source)
        select id, 'offers', 'msteams', 'granted', now(), 'api' from member;
      insert into member_churn (member_id, as_of, risk, reasons, value_at_stake_minor, model_id)
        select id, now(), 0.5, '[]', 1000, 1 from member;
      insert into member_segment (member_id, as_of, order_days, spend_minor, recency_score, frequency_score, monetary_score, rfm_group)
        select id, now(), 1, 1000, 1, 1, 1, 'at-risk' from member;
      analyze member, message_consent, member_churn, member_segment;
      load 'auto_explain';
      set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on; set client_min_messages = log;
      set min_parallel_table_scan_size = 0`)
    const audience = await client.query(
      `select from campaign_audience('spring', 'offers', '{}', now(), now() - interval '7 days', now() - interval '30 days')`,
    )
    expect(audience.rowCount).toBe(MEMBERS)
  } finally {
    await client.end()
  }
  expect(plans.join('\n')).toContain('Workers Planned')
  expect(plans.join('\n')).not.toContain('Parallel Hash')
})
