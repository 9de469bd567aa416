import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** process.stdin, or a test's stand-in. */
export type SecretInput = NodeJS.ReadableStream & { readonly isTTY?: boolean }

/** The first line of the input; on a terminal it is asked for, and not shown while it is typed. Empty at the input's end. */
export async function readSecretLine(input: SecretInput, { ask }: { ask: () => void }): Promise<string> {
  const isTerminal = input.isTTY === true
  if (isTerminal) ask()
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: silent, terminal: isTerminal })
  // Ctrl-C ends the question, with nothing typed.
  lines.on('SIGINT', () => lines.close())
  try {
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
  }
}
