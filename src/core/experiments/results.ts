import type { Db } from '../../db/sql'
import { estimateLift, type LiftResult } from '../../ml/experiment-lift'
import { sampleRatioP } from '../../ml/experiment-ratio'
import { type ArmSums, addSums, noMembers } from '../../ml/experiment-sums'
import type { Localised } from '../locale'
import { segmentNames } from '../segments/texts'
import { readWeighed, type WeighedArm } from './weighed-arms'

/** A lift, or why it cannot be told. */
export type Told = LiftResult

/** Below this chance members were not dealt to the arms as planned, and no lift of theirs may be believed. */
const FAIR_P_MIN = 0.001
const CONTROL = 'control'

/** What is known of some members of one arm. Money in minor units; what an offer cost is what was really used of it. */
export interface ArmResult {
  readonly arm: string
  readonly members: number
  readonly buyers: number
  readonly revenueMinor: number
  readonly offerCostMinor: number
}

/** An arm against the control: the effect a member on revenue in minor units, and on the share of members who bought. */
export interface Comparison extends ArmResult {
  readonly revenue: LiftResult
  readonly buying: LiftResult
  /** Revenue that would not have come otherwise, less what the offer cost; null while it cannot be told. */
  readonly netMinor: { readonly estimate: number; readonly low: number; readonly high: number } | null
}

export interface CampaignResults {
  readonly code: string
  readonly name: string
  readonly status: string
  readonly currency: string
  /** Orders up to the end of this day are counted; null before the first count. */
  readonly until: string | null
  readonly control: ArmResult
  /** All offers together. */
  readonly treated: Comparison
  /** Each, its lift weighed to hold for all members of the campaign, whenever it was dealt most. */
  readonly arms: readonly Comparison[]
  readonly segments: readonly (Comparison & { readonly segment: string })[]
  readonly overTime: readonly { readonly until: string; readonly revenue: LiftResult }[]
  readonly sampleRatio: { readonly p: number; readonly isFair: boolean }
  /** What the codes of its offers and segments are called, for people. */
  readonly names: {
    readonly offers: Readonly<Record<string, Localised>>
    readonly segments: Readonly<Record<string, Localised>>
  }
}

/** A campaign in a list. */
export interface CampaignSummary {
  readonly code: string
  readonly name: string
  readonly status: string
  /** Everybody in it, the control too. */
  readonly members: number
  readonly sent: number
}

/** Every campaign, the latest first. */
export function listCampaigns(db: Db): Promise<CampaignSummary[]> {
  return db.sql<CampaignSummary>`
    select code, name, status,
      (select count(*)::int from campaign_member where campaign_id = campaign.id) as members,
      (select count(*)::int from campaign_message where campaign_id = campaign.id and status = 'sent') as sent
    from campaign order by starts_at desc, id desc`
}

interface SumsRow {
  arm: string
  segment: string
  until: string
  members: number
  buyers: number
  revenue: number
  revenueSquared: number
  covariate: number
  covariateSquared: number
  cross: number
  offerCostMinor: number
}

interface CampaignRow {
  id: number
  code: string
  name: string
  status: string
  controlShare: number
  currency: string
  offers: { code: string; name: Localised }[] | null
}

/**
 * What a campaign changed, from the sums that were gathered of it: intention-to-treat lift with CUPED and intervals that hold
 * at any look. Undefined for an unknown code.
 */
export async function readResults(db: Db, { code }: { code: string }): Promise<CampaignResults | undefined> {
  const [campaign] = await db.sql<CampaignRow>`
    select id, code, name, status, (definition ->> 'controlShare')::float8 as "controlShare", definition -> 'offers' as offers,
      coalesce((select currency from merchant where id = 1), 'GBP') as currency
    from campaign where code = ${code}`
  if (!campaign) return undefined
  const rows = await db.sql<SumsRow>`
    select arm, segment, until::text, members, buyers, revenue_minor as revenue, revenue_squared as "revenueSquared",
      covariate_minor as covariate, covariate_squared as "covariateSquared", revenue_covariate as cross,
      offer_cost_minor as "offerCostMinor"
    from campaign_outcome where campaign_id = ${campaign.id} order by until, arm, segment`
  return resultsOf(campaign, rows, await readWeighed(db, { campaignId: campaign.id }))
}

function resultsOf(
  campaign: CampaignRow,
  rows: readonly SumsRow[],
  weighed: ReadonlyMap<string, WeighedArm>,
): CampaignResults {
  const days = [...new Set(rows.map(({ until }) => until))]
  const until = days.at(-1) ?? null
  const latest = rows.filter((row) => row.until === until)
  const control = gather(CONTROL, latest.filter(isControl))
  const treatedRows = latest.filter((row) => !isControl(row))
  const compareWith = (arm: string, of: readonly SumsRow[], among: readonly SumsRow[]) =>
    compare(gather(arm, of), gather(CONTROL, among.filter(isControl)))
  const treated = compareWith('treated', treatedRows, latest)
  const arms = [...new Set(treatedRows.map(({ arm }) => arm))]
  const segments = [...new Set(latest.map(({ segment }) => segment))]
  const { id: _id, controlShare, offers, ...named } = campaign
  return {
    ...named,
    until,
    control: armResultOf(control),
    treated,
    arms: arms.map((arm) => {
      const dealt = gather(
        arm,
        treatedRows.filter((row) => row.arm === arm),
      )
      // What was counted before members were weighed is told as it was, till the next count.
      if (weighed.size === 0) return compare(dealt, control)
      return compareWeighed(dealt, weighed.get(arm), weighed.get(CONTROL))
    }),
    segments: segments.map((segment) => {
      const among = latest.filter((row) => row.segment === segment)
      return {
        segment,
        ...compareWith(
          'treated',
          among.filter((row) => !isControl(row)),
          among,
        ),
      }
    }),
    overTime: days.map((day) => {
      const then = rows.filter((row) => row.until === day)
      return {
        until: day,
        revenue: compareWith(
          'treated',
          then.filter((row) => !isControl(row)),
          then,
        ).revenue,
      }
    }),
    sampleRatio: fairness([control.sums.members, treated.members], controlShare),
    names: {
      offers: Object.fromEntries((offers ?? []).map(({ code, name }) => [code, name])),
      segments: segmentNames,
    },
  }
}

function isControl({ arm }: SumsRow): boolean {
  return arm === CONTROL
}

interface Gathered {
  readonly arm: string
  readonly sums: ArmSums
  readonly buyers: number
  readonly offerCostMinor: number
}

function gather(arm: string, rows: readonly SumsRow[]): Gathered {
  return rows.reduce<Gathered>(
    (all, row) => ({
      arm,
      sums: addSums(all.sums, {
        members: row.members,
        y: row.revenue,
        yy: row.revenueSquared,
        x: row.covariate,
        xx: row.covariateSquared,
        xy: row.cross,
      }),
      buyers: all.buyers + row.buyers,
      offerCostMinor: all.offerCostMinor + row.offerCostMinor,
    }),
    { arm, sums: noMembers, buyers: 0, offerCostMinor: 0 },
  )
}

function compare(treated: Gathered, control: Gathered): Comparison {
  const revenue = estimateLift(treated.sums, control.sums)
  return {
    ...armResultOf(treated),
    revenue,
    buying: estimateLift(sharesOf(treated), sharesOf(control)),
    netMinor: revenue.ok ? netOf(revenue.lift, treated) : null,
  }
}

const nobodyWeighed: WeighedArm = { revenue: noMembers, buying: noMembers }

/** The same for one of several offers. */
function compareWeighed(treated: Gathered, arm = nobodyWeighed, control = nobodyWeighed): Comparison {
  const revenue = estimateLift(arm.revenue, control.revenue)
  return {
    ...armResultOf(treated),
    revenue,
    buying: estimateLift(arm.buying, control.buying),
    netMinor: revenue.ok ? netOf(revenue.lift, treated) : null,
  }
}

function netOf(
  { difference, interval }: Extract<LiftResult, { ok: true }>['lift'],
  { sums, offerCostMinor }: Gathered,
): Comparison['netMinor'] {
  const net = (lift: number) => Math.round(lift * sums.members) - offerCostMinor
  return { estimate: net(difference), low: net(interval.low), high: net(interval.high) }
}

/** Bought or not, as sums: ones and zeros are their own squares. */
function sharesOf({ sums, buyers }: Gathered): ArmSums {
  return { members: sums.members, y: buyers, yy: buyers, x: 0, xx: 0, xy: 0 }
}

function armResultOf({ arm, sums, buyers, offerCostMinor }: Gathered): ArmResult {
  return { arm, members: sums.members, buyers, revenueMinor: Math.round(sums.y), offerCostMinor }
}

function fairness([control = 0, treated = 0]: readonly number[], controlShare: number) {
  const p = sampleRatioP([control, treated], [controlShare, 1 - controlShare])
  return { p, isFair: p >= FAIR_P_MIN }
}
