import type { Locale } from '../shared/locale'

/** What the server answers, as much of it as these pages show (see core/experiments/results and core/retention). */

/** What codes are called, in both languages. */
export type Names = Readonly<Record<string, Readonly<Record<Locale, string>>>>

export type LiftResult =
  | { readonly ok: true; readonly lift: Lift }
  | {
      readonly ok: false
      readonly code: 'not-enough-members' | 'no-variation'
      readonly have: number
      readonly need: number
    }

export interface Lift {
  readonly difference: number
  readonly interval: { readonly low: number; readonly high: number }
  readonly isClear: boolean
  readonly controlMean: number
}

export interface ArmResult {
  readonly arm: string
  readonly members: number
  readonly buyers: number
  readonly revenueMinor: number
  readonly offerCostMinor: number
}

export interface Comparison extends ArmResult {
  readonly revenue: LiftResult
  readonly buying: LiftResult
  readonly netMinor: { readonly estimate: number; readonly low: number; readonly high: number } | null
}

export interface CampaignResults {
  readonly code: string
  readonly name: string
  readonly status: CampaignStatus
  readonly currency: string
  readonly until: string | null
  readonly control: ArmResult
  readonly treated: Comparison
  readonly arms: readonly Comparison[]
  readonly segments: readonly (Comparison & { readonly segment: string })[]
  readonly overTime: readonly { readonly until: string; readonly revenue: LiftResult }[]
  readonly sampleRatio: { readonly p: number; readonly isFair: boolean }
  readonly names: { readonly offers: Names; readonly segments: Names }
}

export type CampaignStatus = 'draft' | 'review' | 'running' | 'paused' | 'ended'

export interface CampaignSummary {
  readonly code: string
  readonly name: string
  readonly status: CampaignStatus
  readonly members: number
  readonly sent: number
}

export interface JobRow {
  readonly name: string
  readonly says: Readonly<Record<Locale, string>>
  readonly cron: string
  readonly timeZone: string
  readonly nextSlot: string | null
  readonly runs: readonly {
    readonly slot: string
    readonly status: 'running' | 'done' | 'failed' | 'skipped'
    readonly trigger: string
    readonly startedAt: string
    readonly endedAt: string | null
    readonly error: string | null
  }[]
}
