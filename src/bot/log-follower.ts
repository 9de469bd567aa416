/** What a follower needs of a log whose entries are numbered upwards. */
export interface FollowedLog<Entry extends { readonly seq: number }> {
  /** The next entries after a place, in order, at most `page` of them. */
  read(afterSeq: number): Promise<readonly Entry[]>
  readonly page: number
  deliver(entries: readonly Entry[]): void
  /** The log could not be read; polling comes back to it. */
  onError(error: unknown): void
}

/** Brings one reader every entry of a log once, in order: its place is the only thing that counts. */
export class LogFollower<Entry extends { readonly seq: number }> {
  private reading = false
  /** News came while reading. */
  private again = false
  private stopped = false

  constructor(
    /** Place up to which the reader has everything. */
    private afterSeq: number,
    private readonly log: FollowedLog<Entry>,
  ) {}

  /** Reads on from the reader's place until there is nothing new. */
  async catchUp(): Promise<void> {
    if (this.reading) {
      this.again = true
      return
    }
    this.reading = true
    try {
      let found: number
      do {
        this.again = false
        const entries = await this.log.read(this.afterSeq)
        found = entries.length
        this.deliver(entries)
      } while ((found >= this.log.page || this.again) && !this.stopped)
    } catch (error) {
      this.log.onError(error)
    } finally {
      this.reading = false
    }
  }

  /** Hands on what was just committed, or reads where that does not follow on what the reader has. */
  take(entries: readonly Entry[]): void {
    if (this.reading || this.afterSeq + 1 !== entries[0]?.seq) {
      void this.catchUp()
      return
    }
    this.deliver(entries)
  }

  isBehind(lastSeq: number): boolean {
    return this.afterSeq < lastSeq
  }

  /** Nothing is delivered any more. */
  stop(): void {
    this.stopped = true
  }

  private deliver(entries: readonly Entry[]): void {
    const last = entries.at(-1)
    if (!last || this.stopped) return
    this.afterSeq = last.seq
    this.log.deliver(entries)
  }
}
