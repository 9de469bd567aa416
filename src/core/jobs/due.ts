import type { Database } from '../../db/open'
import type { Db } from '../../db/sql'
import type { Localised } from '../locale'
import { readMerchant } from '../merchant'
import type { Job, JobZone } from './job'
import { type JobRun, type JobTrigger, listRuns, noteSkipped, readLastSlots } from './runs'
import { nextSlot, slotsBetween } from './slots'

/** So much later than its time a slot still counts as in time. */
const IN_TIME_MS = 5 * 60_000

/** A slot whose time has come. */
export interface DueSlot {
  readonly job: Job
  readonly slot: Date
  readonly trigger: JobTrigger
}

/**
 * What is to be run by now. Of several slots that nobody was there for only the latest counts: it is done late, or noted as
 * skipped, as the job says. A job seen for the first time starts with its next slot. A clock that was set back brings
 * nothing back, and one that was set forward is like a time when nobody was there.
 */
export async function findDue(database: Database, jobs: readonly Job[], { at }: { at: Date }): Promise<DueSlot[]> {
  const zones = await readZones(database)
  const lastSlots = await readLastSlots(database, { at })
  const due: DueSlot[] = []
  for (const job of jobs) {
    const timeZone = zones[job.timeZone]
    const after = lastSlots.get(job.name)
    if (!after) {
      await noteSkipped(database, { name: job.name, slot: at, trigger: 'schedule', at, why: 'first-seen' })
      continue
    }
    const slot = slotsBetween(job, { after, until: at, timeZone }).at(-1)
    if (!slot) continue
    const isInTime = at.getTime() - slot.getTime() <= IN_TIME_MS
    if (isInTime || job.missed === 'catch-up') {
      due.push({ job, slot, trigger: isInTime ? 'schedule' : 'catch-up' })
    } else {
      await noteSkipped(database, {
        name: job.name,
        slot,
        trigger: 'schedule',
        at,
        why: 'nobody-there',
      })
    }
  }
  return due
}

/** A job with when it runs next and how its last runs went. */
export interface JobOverview {
  readonly name: string
  readonly says: Localised
  readonly cron: string
  readonly timeZone: string
  readonly nextSlot: Date
  readonly runs: readonly JobRun[]
}

/** Every job, with its last runs, newest first. */
export async function readJobs(
  db: Db,
  jobs: readonly Job[],
  { at, runs }: { at: Date; runs: number },
): Promise<JobOverview[]> {
  const zones = await readZones(db)
  const listed = await listRuns(db, { limit: runs })
  return jobs.map((job) => {
    const { name, says, cron } = job
    const timeZone = zones[job.timeZone]
    const own = listed.filter((run) => run.name === name)
    return { name, says, cron, timeZone, nextSlot: nextSlot(job, { after: at, timeZone }), runs: own }
  })
}

async function readZones(db: Db): Promise<Readonly<Record<JobZone, string>>> {
  const { timeZone } = await readMerchant(db)
  return { merchant: timeZone, UTC: 'UTC' }
}
