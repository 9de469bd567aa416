import type { Db } from '../../../db/sql'

/** One invariant of the stored data, as one query that gives the rows at fault: none when it holds. */
export interface Check {
  /** Its name in reports. */
  invariant: string
  /** What holds, for people. */
  says: string
  find(db: Db, options: { at: Date }): Promise<object[]>
}

/** Rows at fault that a report shows of one invariant. */
export const FAULTS_SHOWN_MAX = 100
