import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

/** How the peers' folder is made; said where it is missing. */
export const peerSetup =
  'python3 -m venv bench/peers/.venv && bench/peers/.venv/bin/pip install -r bench/peers/requirements.txt'

/**
 * Runs a Python peer in the same run as ours: `bench/peers/<script>` gets `input` as JSON on stdin and prints one JSON
 * object. Resolves to undefined, and says so, where the peers are not installed.
 */
export async function runPeer<Result>(
  script: string,
  input: object,
  { root, say }: { root: string; say(line: string): void },
): Promise<Result | undefined> {
  const python = path.join(root, 'bench', 'peers', '.venv', 'bin', 'python')
  if (!existsSync(python)) {
    say(`  no peers installed, so none beside ours; to have them: ${peerSetup}`)
    return undefined
  }
  const child = spawn(python, [path.join(root, 'bench', 'peers', script)], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(input))
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer)
  const code = await new Promise<number | null>((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode)
    else child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`the peer ${script} ended with code ${code}`)
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Result
}
