import { performance } from 'node:perf_hooks'
import { Presets, SingleBar } from 'cli-progress'

const LINE_EVERY_MS = 5_000

export interface ProgressOptions {
  /** What is being done, e.g. "reading". */
  label: string
  total: number
  /** How a value is shown, e.g. bytes as MB; default: the number itself. */
  show?: (value: number) => string
}

/** A running indication of progress. */
export interface Progress {
  update(value: number): void
  stop(): void
}

interface ProgressOutput {
  write(text: string): unknown
  readonly isTTY?: boolean
}

/** A bar where a person watches; otherwise at most one line in five seconds, so that logs stay readable. */
export function startProgress(output: ProgressOutput, options: ProgressOptions): Progress {
  return output.isTTY ? startBar(output, options) : startLines(output, options)
}

function startBar(output: ProgressOutput, { label, total, show = String }: ProgressOptions): Progress {
  const bar = new SingleBar(
    {
      stream: output as NodeJS.WriteStream,
      format: `${label} {bar} {percentage}% {shown} of ${show(total)}, {eta_formatted} left`,
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
    },
    Presets.shades_classic,
  )
  bar.start(Math.max(total, 1), 0, { shown: show(0) })
  return {
    update: (value) => bar.update(Math.min(value, total), { shown: show(value) }),
    stop: () => bar.stop(),
  }
}

function startLines(output: ProgressOutput, { label, total, show = String }: ProgressOptions): Progress {
  let lastLineAt = performance.now()
  return {
    update(value) {
      if (performance.now() - lastLineAt < LINE_EVERY_MS) return
      lastLineAt = performance.now()
      output.write(`${label}: ${show(value)} of ${show(total)}\n`)
    },
    stop: () => undefined,
  }
}
