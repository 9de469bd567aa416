import type { Db, Tx } from '../../db/sql'
import { type CampaignDefinition, campaignDefinition } from './definition'

export const campaignStatuses = ['draft', 'review', 'running', 'paused', 'ended'] as const
export type CampaignStatus = (typeof campaignStatuses)[number]

/** Where a campaign may go from where it is. */
const WAYS: Readonly<Record<CampaignStatus, readonly CampaignStatus[]>> = {
  draft: ['review', 'ended'],
  review: ['draft', 'running', 'ended'],
  running: ['paused', 'ended'],
  paused: ['running', 'ended'],
  ended: [],
}

export interface Campaign {
  readonly id: number
  readonly status: CampaignStatus
  readonly version: number
  readonly definition: CampaignDefinition
  /** What its offers may still cost, in minor units; null: no limit. */
  readonly budgetLeftMinor: number | null
}

interface CampaignRow {
  id: number
  status: CampaignStatus
  version: number
  definition: unknown
  budgetLeftMinor: number | null
}

/** The campaign of a code. */
export async function findCampaign(db: Db, { code }: { code: string }): Promise<Campaign | undefined> {
  const [row] = await db.sql<CampaignRow>`
    select id, status, version, definition, budget_minor - committed_minor as "budgetLeftMinor"
    from campaign where code = ${code}`
  return row && campaignOf(row)
}

/** The same, locked until the transaction ends, so that nobody plans or changes it beside us. */
export async function lockCampaign(tx: Tx, { code }: { code: string }): Promise<Campaign | undefined> {
  const [row] = await tx.sql<CampaignRow>`
    select id, status, version, definition, budget_minor - committed_minor as "budgetLeftMinor"
    from campaign where code = ${code} for update`
  return row && campaignOf(row)
}

function campaignOf(row: CampaignRow): Campaign {
  return { ...row, definition: campaignDefinition.parse(row.definition) }
}

export type PutCampaign =
  | { readonly ok: true; readonly version: number; readonly isNew: boolean }
  /** It is reviewed or was begun: what members were told and dealt is not changed any more. */
  | { readonly ok: false; readonly code: 'not-a-draft'; readonly status: CampaignStatus }
  | { readonly ok: false; readonly code: 'unknown-coupon'; readonly couponIds: readonly string[] }

/** Writes a draft: a new one, or in the place of one of the same code. */
export async function putCampaign(
  tx: Tx,
  { definition, at }: { definition: CampaignDefinition; at: Date },
): Promise<PutCampaign> {
  const { code, name, kind, budgetMinor = null, startsAt, endsAt = null } = definition
  const known = await lockCampaign(tx, { code })
  if (known && known.status !== 'draft') return { ok: false, code: 'not-a-draft', status: known.status }
  const couponIds = definition.offers.flatMap(({ couponId }) => couponId ?? [])
  const unknown = await tx.sql<{ id: string }>`
    select id from unnest(${couponIds}::text[]) given (id) where not exists (select from coupon where coupon.id = given.id)`
  if (unknown.length > 0) return { ok: false, code: 'unknown-coupon', couponIds: unknown.map(({ id }) => id) }
  const [row] = await tx.sql<{ version: number }>`
    insert into campaign (code, name, kind, status, version, definition, budget_minor, starts_at, ends_at, created_at, updated_at)
    values (${code}, ${name}, ${kind}, 'draft', 1, ${JSON.stringify(definition)}::jsonb, ${budgetMinor}, ${startsAt}, ${endsAt},
      ${at}, ${at})
    on conflict (code) do update set name = excluded.name, kind = excluded.kind, definition = excluded.definition,
      budget_minor = excluded.budget_minor, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
      updated_at = excluded.updated_at, version = campaign.version + 1
    returning version`
  return { ok: true, version: row?.version ?? 1, isNew: !known }
}

export type MoveCampaign =
  | { readonly ok: true; readonly from: CampaignStatus }
  | { readonly ok: false; readonly code: 'unknown-campaign' }
  | {
      readonly ok: false
      readonly code: 'no-way'
      readonly from: CampaignStatus
      readonly allowed: readonly CampaignStatus[]
    }

/** Takes a campaign on its way: draft, review, running, paused, ended. What is queued of an ended one is dropped at the gate. */
export async function moveCampaign(
  tx: Tx,
  { code, to, at }: { code: string; to: CampaignStatus; at: Date },
): Promise<MoveCampaign> {
  const campaign = await lockCampaign(tx, { code })
  if (!campaign) return { ok: false, code: 'unknown-campaign' }
  const { status: from } = campaign
  if (!WAYS[from].includes(to)) return { ok: false, code: 'no-way', from, allowed: WAYS[from] }
  await tx.sql`
    update campaign set status = ${to}, version = version + 1, updated_at = ${at} where id = ${campaign.id}`
  return { ok: true, from }
}

/** The codes of the campaigns that are running, whose time it is, and that are planned. */
export async function runningCampaigns(db: Db, { at }: { at: Date }): Promise<string[]> {
  const rows = await db.sql<{ code: string }>`
    select code from campaign
    where status = 'running' and starts_at <= ${at} and (ends_at is null or ends_at > ${at})
      and not definition ? 'notice' order by id`
  return rows.map(({ code }) => code)
}
