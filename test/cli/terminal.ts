import { type Register, runCli } from '../../src/cli/program'
import type { SecretBytes } from '../../src/core/clock'
import type { Database } from '../../src/db/open'

/** What a command line said and how it ended. */
export interface Said {
  code: number
  /** Lines of stdout, parsed. */
  json: unknown[]
  stderr: string
}

/** Runs one command line in this process, with a fixed clock and outputs that are kept. */
export async function runCommand(
  line: readonly string[],
  {
    registrations,
    database,
    secretBytes = (length) => Buffer.alloc(length),
  }: { registrations: readonly Register[]; database?: Database; secretBytes?: SecretBytes },
): Promise<Said> {
  let stdout = ''
  let stderr = ''
  const code = await runCli(line, {
    registrations,
    clock: () => new Date('2026-11-22T12:00:00Z'),
    newId: () => 'id',
    secretBytes,
    async openDatabase() {
      if (!database) throw new Error('this command was not to open the database')
      // The test's database outlives the command.
      return { ...database, close: async () => undefined }
    },
    stdout: {
      write: (text) => {
        stdout += text
      },
    },
    stderr: {
      write: (text) => {
        stderr += text
      },
    },
  })
  const json = stdout.split('\n').flatMap((text) => (text.startsWith('{') ? [JSON.parse(text) as unknown] : []))
  return { code, json, stderr: code === 0 && stdout.startsWith('Usage') ? stdout : stderr }
}
