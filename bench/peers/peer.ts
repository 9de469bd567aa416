import { spawn } from 'node:child_process'
import path from 'node:path'
import { peerFolder, peerPython, peerSetup } from './setup'

/**
 * Runs a Python peer in the same run as ours: `bench/peers/<script>` gets `input` as JSON on stdin and prints one JSON
 * object. Resolves to undefined, and says so loudly, where the peers are not installed.
 */
export async function runPeer<Result>(
  script: string,
  input: object,
  { root, say }: { root: string; say(line: string): void },
): Promise<Result | undefined> {
  const python = peerPython(root)
  if (!python) {
    say(`  !! NO PEERS beside ours: they are not installed. To have them (python3, some minutes): ${peerSetup}`)
    return undefined
  }
  const child = spawn(python, [path.join(peerFolder(root), script)], { stdio: ['pipe', 'pipe', 'inherit'] })
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
