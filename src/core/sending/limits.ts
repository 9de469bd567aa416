import type { SendWindow } from './slots'

/** What a channel takes. */
export interface ChannelLimits {
  /** Of one app and tenant. */
  readonly tenant: SendWindow
  /** Of one bot in one conversation; all of them hold. */
  readonly thread: readonly SendWindow[]
}

/** By channel; one that is not named takes what `other` says, and null takes whatever comes. */
export interface LimitsTable {
  readonly [channel: string]: ChannelLimits | null
  readonly other: ChannelLimits | null
}

/** Teams: 30 a second for each app and tenant (its pages on rate limiting; some say 50), and windows for each thread. */
export const TEAMS_LIMITS: ChannelLimits = {
  tenant: { messages: 30, windowMs: 1_000 },
  thread: [
    { messages: 7, windowMs: 1_000 },
    { messages: 8, windowMs: 2_000 },
    { messages: 60, windowMs: 30_000 },
    { messages: 1_800, windowMs: 3_600_000 },
  ],
}

/** The web chat is ours, the emulator a developer's. What other channels take is not said anywhere; Teams is the strictest that is known. */
export const CHANNEL_LIMITS: LimitsTable = { directline: null, emulator: null, other: TEAMS_LIMITS }

export function limitsOf(table: LimitsTable, channel: string): ChannelLimits | null {
  return Object.hasOwn(table, channel) ? (table[channel] ?? null) : table.other
}

/** Which bucket a message is charged to. */
export function scopeOf(channel: string, tenantId: string): string {
  return `${channel}/${tenantId}`
}
