/** Work that comes round again and again between `start` and `stop`. */
export interface Loop {
  start(): void
  /** Resolves when what was running is done. */
  stop(): Promise<void>
}

/** Does something again and again, counted from when it was done. `work` sees to its own failures. */
export function repeating(
  { firstAfterMs, everyMs }: { firstAfterMs: number; everyMs: number },
  work: () => Promise<unknown>,
): Loop {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> = Promise.resolve()
  const later = (ms: number) => {
    timer = setTimeout(() => {
      running = work().then(() => (timer ? later(everyMs) : undefined))
    }, ms)
  }
  return {
    start: () => later(firstAfterMs),
    async stop() {
      clearTimeout(timer)
      timer = undefined
      await running
    },
  }
}
