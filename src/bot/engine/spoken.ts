import type { Reply } from '../contract'
import type { Owner, Spoken } from './state'

/** After so long, or so many turns about other things, nobody knows what "it" is. */
const MINUTES_MAX = 30
const TURNS_MAX = 3
/** Of a longer list nobody remembers all. */
const IDS_MAX = 9

/** What "it" may still mean at `now`. */
export function stillSpoken(spoken: Spoken, now: Date): Spoken | undefined {
  const minutes = Math.abs(now.getTime() - Date.parse(spoken.at)) / 60_000
  return minutes <= MINUTES_MAX && spoken.turnsAgo <= TURNS_MAX ? spoken : undefined
}

/** What "it" means after these replies: what the last of them speaks of that speaks of something, else what was before. */
export function spokenNow(
  replies: readonly Reply[],
  { before, owner, now }: { before: Spoken | undefined; owner: Owner; now: Date },
): Spoken | undefined {
  const about = replies.findLast((reply) => reply.about !== undefined)?.about
  if (about) return { kind: about.kind, ids: about.ids.slice(0, IDS_MAX), owner, at: now.toISOString(), turnsAgo: 0 }
  // Who somebody else has become in this turn was told nothing of it.
  const isSame = before?.owner.userId === owner.userId && before.owner.memberId === owner.memberId
  return before && isSame ? { ...before, turnsAgo: before.turnsAgo + 1 } : undefined
}
