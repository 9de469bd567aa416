import { fork } from 'node:child_process'
import { once } from 'node:events'

/** A process of its own that serves something, once it does. `file` is without its ending. */
export async function startChild(
  file: string,
  args: readonly string[],
): Promise<{ url: string; end(): Promise<void> }> {
  const child = fork(file, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended with ${code} before it served`)
  })
  // Its later end is no failure.
  failed.catch(() => undefined)
  const [message] = await Promise.race([once(child, 'message'), failed])
  return {
    url: `http://127.0.0.1:${(message as { port: number }).port}`,
    async end() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}
