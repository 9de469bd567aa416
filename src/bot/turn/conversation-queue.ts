/** Runs work of one key in the order it came, one at a time; different keys run side by side. */
export interface ConversationQueue {
  run<T>(key: string, work: () => Promise<T>): Promise<T>
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>
}

/**
 * Turns of one conversation wait here for each other, so that a burst of messages is answered in order and holds one
 * database connection, not one each. Between processes the database's lock does the same.
 */
export function createConversationQueue(): ConversationQueue {
  const tails = new Map<string, Promise<unknown>>()
  return {
    run(key, work) {
      const before = tails.get(key)
      const result = before ? before.then(work, work) : work()
      tails.set(key, result)
      const forget = () => {
        if (tails.get(key) === result) tails.delete(key)
      }
      result.then(forget, forget)
      return result
    },
    async idle() {
      while (tails.size > 0) await Promise.allSettled(tails.values())
    },
  }
}
