import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'

/** A process that runs a TypeScript file and speaks JSON, one value a line. */
export interface Child {
  readonly process: ChildProcess
  /** The next line it says. Throws with its stderr when it ends instead. */
  next<Line>(): Promise<Line>
  /** Resolves when it has ended, to its exit code (null after a signal). */
  ended: Promise<number | null>
  kill(signal: NodeJS.Signals): Promise<void>
}

/** Starts `file` with `args` in a process of its own. It is killed at the end of the test file if it still runs. */
export function startChild(file: string, args: readonly string[], options: { uid?: number; gid?: number } = {}): Child {
  const hook = path.join(__dirname, 'swc-register.cjs')
  const child = spawn(process.execPath, ['-r', hook, file, ...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString()
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  started.add(child)
  return {
    process: child,
    ended,
    async next<Line>() {
      const { value, done } = await lines.next()
      if (done) throw new Error(`the child process ended with ${await ended}: ${stderr}`)
      return JSON.parse(value) as Line
    },
    async kill(signal) {
      child.kill(signal)
      await ended
    },
  }
}

const started = new Set<ChildProcess>()

afterAll(() => {
  for (const child of started) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
})
