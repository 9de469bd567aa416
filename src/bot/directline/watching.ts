import type { Logger } from 'pino'
import type { Database } from '../../db/open'
import { LogFollower } from '../log-follower'
import { type ActivitySet, activitySet, type LogEntry, type LoggedActivity, READ_LIMIT, readLog } from './log'

/** Somebody who watches a conversation: an open websocket. */
export interface Watcher {
  readonly conversationId: string
  /** Place in the log up to which the client has everything. */
  readonly afterSeq: number
  /** Hands a set to the client. Activities without a place in the log have no watermark. */
  send(set: Partial<ActivitySet>): void
}

/** Brings one watcher every entry of the log once, in order. */
export class Watching {
  private readonly follower: LogFollower<LogEntry>

  constructor(
    private readonly watcher: Watcher,
    { database, logger }: { database: Database; logger: Logger },
  ) {
    const { conversationId } = watcher
    this.follower = new LogFollower<LogEntry>(watcher.afterSeq, {
      page: READ_LIMIT,
      read: (afterSeq) => readLog(database, { conversationId, afterSeq }),
      deliver: (entries) => this.deliver(entries),
      onError: (error) => logger.warn({ err: error }, 'the log could not be read for a websocket'),
    })
  }

  catchUp(): Promise<void> {
    return this.follower.catchUp()
  }

  /** Hands on what was just committed, or reads where that does not follow on what the watcher has. */
  take(firstSeq: number, activities: readonly LoggedActivity[]): void {
    this.follower.take(activities.map((activity, place) => ({ seq: firstSeq + place, activity })))
  }

  /** Shows something that has no place in the log. */
  whisper(activity: object): void {
    this.watcher.send({ activities: [activity] })
  }

  isBehind(lastSeq: number): boolean {
    return this.follower.isBehind(lastSeq)
  }

  /** One at a time: Web Chat's client mixes up the order of two sets of several that arrive close to each other. */
  private deliver(entries: readonly LogEntry[]): void {
    const { conversationId, send } = this.watcher
    for (const entry of entries) send(activitySet([entry], { conversationId, afterSeq: entry.seq }))
  }
}
