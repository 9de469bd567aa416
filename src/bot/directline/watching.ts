import type { Logger } from 'pino'
import type { Database } from '../../db/open'
import { type ActivitySet, activitySet, type LogEntry, type LoggedActivity, readLog } from './log'

/** Somebody who watches a conversation: an open websocket. */
export interface Watcher {
  readonly conversationId: string
  /** Place in the log up to which the client has everything. */
  readonly afterSeq: number
  /** Hands a set to the client. Activities without a place in the log have no watermark. */
  send(set: Partial<ActivitySet>): void
}

/** Brings one watcher every entry of the log once, in order: its place is the only thing that counts. */
export class Watching {
  private afterSeq: number
  private reading = false
  /** News came while reading. */
  private again = false

  constructor(
    private readonly watcher: Watcher,
    private readonly options: { database: Database; logger: Logger },
  ) {
    this.afterSeq = watcher.afterSeq
  }

  /** Reads on from the watcher's place until there is nothing new. */
  async catchUp(): Promise<void> {
    if (this.reading) {
      this.again = true
      return
    }
    this.reading = true
    const { conversationId } = this.watcher
    try {
      let found: number
      do {
        this.again = false
        const entries = await readLog(this.options.database, { conversationId, afterSeq: this.afterSeq })
        found = entries.length
        this.deliver(entries)
      } while (found > 0 || this.again)
    } catch (error) {
      // Polling comes back to it.
      this.options.logger.warn({ err: error }, 'the log could not be read for a websocket')
    } finally {
      this.reading = false
    }
  }

  /** Hands on what was just committed, or reads where that does not follow on what the watcher has. */
  take(firstSeq: number, activities: readonly LoggedActivity[]): void {
    if (this.reading || this.afterSeq !== firstSeq - 1) {
      void this.catchUp()
      return
    }
    this.deliver(activities.map((activity, place) => ({ seq: firstSeq + place, activity })))
  }

  /** Shows something that has no place in the log. */
  whisper(activity: object): void {
    this.watcher.send({ activities: [activity] })
  }

  isBehind(lastSeq: number): boolean {
    return this.afterSeq < lastSeq
  }

  /** One at a time: Web Chat's client mixes up the order of two sets of several that arrive close to each other. */
  private deliver(entries: readonly LogEntry[]): void {
    const { conversationId } = this.watcher
    for (const entry of entries) {
      const set = activitySet([entry], { conversationId, afterSeq: this.afterSeq })
      this.afterSeq = entry.seq
      this.watcher.send(set)
    }
  }
}
