import { Cron } from 'croner'
import type { Job } from './job'

/** More slots than this between two looks are not counted one by one. */
const SLOTS_MAX = 10_000

/** The first slot after an instant. A time that the clocks skip comes as soon as they go on; one that they repeat comes once. */
export function nextSlot({ cron }: Pick<Job, 'cron'>, { after, timeZone }: { after: Date; timeZone: string }): Date {
  const next = new Cron(cron, { timezone: timeZone, paused: true }).nextRun(after)
  if (!next) throw new RangeError(`the schedule "${cron}" never comes round`)
  return next
}

/** The slots after `after`, up to and with `until`, in order. */
export function slotsBetween(
  job: Pick<Job, 'cron'>,
  { after, until, timeZone }: { after: Date; until: Date; timeZone: string },
): Date[] {
  const slots: Date[] = []
  let slot = nextSlot(job, { after, timeZone })
  while (slot <= until && slots.length < SLOTS_MAX) {
    slots.push(slot)
    slot = nextSlot(job, { after: slot, timeZone })
  }
  return slots
}
