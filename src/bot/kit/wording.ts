import { findReplyExperiment, meetArm } from '../../core/experiments/experiment'
import type { Turn, Wordings } from '../contract'

/**
 * The wording that the member of this turn gets: while an experiment on the reply runs, the one that is dealt to them by hash,
 * the same each time, and noted when they meet it first. Everybody else (strangers, groups) gets the first.
 */
export async function wordingFor<Arm extends string>(turn: Turn, { reply, arms }: Wordings<Arm>): Promise<Arm> {
  const [first] = arms
  if (!turn.member || turn.isGroup) return first
  const running = await findReplyExperiment(turn.db, { reply })
  // A wording that is not there any more cannot be said: then nobody meets the experiment.
  const isSayable = running?.arms.every((arm) => arms.some((known) => known === arm)) === true
  const arm = await meetArm(turn.db, {
    running: isSayable ? running : null,
    memberId: turn.member.id,
    at: turn.now,
  })
  return arms.find((known) => known === arm) ?? first
}
