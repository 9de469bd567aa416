import type { Tx } from '../../db/sql'
import { joinLine, takeSlots } from '../sending/bucket'
import { type LimitsTable, limitsOf, scopeOf } from '../sending/limits'
import type { SendWindow } from '../sending/slots'
import { type PutOff, putOff, type Sendable } from './queue'

/** A message with the instant, in ms, at which it is to leave. */
export type Placed<Letter> = Letter & { readonly slotMs: number }

/** The shortest time after which a message that found its channel full is looked at again. */
const LOOK_AGAIN_MS = 250

/**
 * Takes a slot, of all processes together, for each letter to a channel with limits, as the last thing before the transaction
 * ends: nothing that takes its time lies between a slot and the hand that uses it. Who finds none joins the line behind, as
 * do those of `line`.
 * @returns the letters that may leave
 */
export async function takePlaces<Letter extends { readonly message: Sendable }>(
  tx: Tx,
  {
    letters,
    line,
    limits,
    ...times
  }: {
    letters: readonly Letter[]
    line: readonly Sendable[]
    limits: LimitsTable
    at: Date
    leadMs: number
    horizonMs: number
  },
): Promise<Placed<Letter>[]> {
  const scopes = new Map<string, { window: SendWindow; letters: Letter[]; line: Sendable[] }>()
  const scopeFor = ({ channel, tenantId }: Sendable) => {
    const window = limitsOf(limits, channel)?.tenant
    if (!window) return undefined
    const scope = scopeOf(channel, tenantId)
    const known = scopes.get(scope) ?? { window, letters: [], line: [] }
    scopes.set(scope, known)
    return known
  }
  const placed: Placed<Letter>[] = []
  for (const letter of letters) {
    const scope = scopeFor(letter.message)
    if (scope) scope.letters.push(letter)
    else placed.push({ ...letter, slotMs: times.at.getTime() })
  }
  for (const message of line) scopeFor(message)?.line.push(message)
  const waiting: PutOff[] = []
  for (const [scope, { window, ...those }] of scopes) {
    const wanted = those.letters.length
    const slots = wanted > 0 ? await takeSlots(tx, { scope, window, wanted, ...times }) : []
    for (const [place, slotMs] of slots.entries()) {
      const letter = those.letters[place]
      if (letter) placed.push({ ...letter, slotMs })
    }
    const rest = [...those.letters.slice(slots.length).map(({ message }) => message), ...those.line]
    if (rest.length === 0) continue
    const until = await joinLine(tx, { scope, window, count: rest.length, at: times.at, soonestMs: LOOK_AGAIN_MS })
    waiting.push(
      ...rest.map(({ campaignId, memberId }, place) => ({ campaignId, memberId, until: until[place] ?? times.at })),
    )
  }
  await putOff(tx, { rows: waiting, at: times.at })
  return placed
}
