import { findReplyExperiment, meetArm, type ReplyExperiment } from '../../core/experiments/experiment'
import type { Db } from '../../db/sql'
import type { Turn, Wordings } from '../contract'

const byDb = new WeakMap<Db, readonly ReplyExperiment[]>()

/** Spares a turn the question: its beginning brought along what runs, and what its member has met. */
export function rememberExperiments(db: Db, running: readonly ReplyExperiment[]): void {
  byDb.set(db, running)
}

/**
 * The wording that the member of this turn gets: while an experiment on the reply runs, the one that is dealt to them by hash,
 * the same each time, and noted when they meet it first. Everybody else (strangers, groups) gets the first.
 */
export async function wordingFor<Arm extends string>(turn: Turn, { reply, arms }: Wordings<Arm>): Promise<Arm> {
  const [first] = arms
  if (!turn.member || turn.isGroup) return first
  const brought = byDb.get(turn.db)
  const running = brought
    ? (brought.find((known) => known.reply === reply) ?? null)
    : await findReplyExperiment(turn.db, { reply })
  // A wording that is not there any more cannot be said: then nobody meets the experiment.
  const isSayable = running?.arms.every((arm) => arms.some((known) => known === arm)) === true
  const arm = await meetArm(turn.db, {
    running: isSayable ? running : null,
    memberId: turn.member.id,
    at: turn.now,
  })
  return arms.find((known) => known === arm) ?? first
}
