import { nextSlot } from '../jobs/slots'

/** Why a message is not sent, ever. */
export const dropReasons = [
  'campaign-over',
  'held-out',
  'bought-already',
  'unreachable',
  'no-consent',
  'too-often',
  'not-true-any-more',
] as const
export type DropReason = (typeof dropReasons)[number]

/** What is known of a message at the moment it could be sent. */
export interface GateFacts {
  readonly campaignStatus: string
  readonly campaignEndsAt: Date | null
  readonly isHeldOut: boolean
  /** An order since the member was dealt the message; what the program tells of does not depend on that. */
  readonly hasBought: boolean
  /** What the message tells of is over. */
  readonly isOutdated: boolean
  /** A linked chat where the member can be written to. */
  readonly isReachable: boolean
  /** Agreed to messages of the campaign's kind on that channel, and did not take it back. */
  readonly hasConsent: boolean
  /** Got another message within the days that must lie between. */
  readonly hadMessage: boolean
  /** Waits for a person, or talks to one. */
  readonly isWithPerson: boolean
  /** The member's own. */
  readonly timeZone: string
  readonly quietHours: { readonly from: number; readonly until: number }
}

export type Gate =
  | { readonly kind: 'send' }
  | { readonly kind: 'drop'; readonly reason: DropReason }
  /** Not now, but perhaps then. */
  | { readonly kind: 'defer'; readonly until: Date }

const LOOK_AGAIN_MS = 3_600_000

/** The one gate that every message the merchant begins goes through, at the moment of sending. */
export function passGate(facts: GateFacts, at: Date): Gate {
  const reason = dropReasonOf(facts, at)
  if (reason) return { kind: 'drop', reason }
  if (facts.campaignStatus !== 'running' || facts.isWithPerson) {
    return { kind: 'defer', until: new Date(at.getTime() + LOOK_AGAIN_MS) }
  }
  const { quietHours, timeZone } = facts
  if (!isQuiet(hourIn(timeZone, at), quietHours)) return { kind: 'send' }
  return { kind: 'defer', until: nextSlot({ cron: `0 ${quietHours.until} * * *` }, { after: at, timeZone }) }
}

function dropReasonOf(facts: GateFacts, at: Date): DropReason | undefined {
  if (facts.campaignStatus === 'ended' || (facts.campaignEndsAt && facts.campaignEndsAt <= at)) return 'campaign-over'
  if (facts.isHeldOut) return 'held-out'
  if (facts.hasBought) return 'bought-already'
  if (facts.isOutdated) return 'not-true-any-more'
  if (!facts.isReachable) return 'unreachable'
  if (!facts.hasConsent) return 'no-consent'
  if (facts.hadMessage) return 'too-often'
  return undefined
}

function isQuiet(hour: number, { from, until }: GateFacts['quietHours']): boolean {
  return from <= until ? hour >= from && hour < until : hour >= from || hour < until
}

function hourIn(timeZone: string, at: Date): number {
  const format = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone })
  return Number(format.format(at))
}
