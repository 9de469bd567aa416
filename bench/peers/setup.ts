import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** How the peers' folder is made; said where it is missing. */
export const peerSetup = 'npm run -s bench -- peers'

const PYTHON = process.platform === 'win32' ? path.join('Scripts', 'python.exe') : path.join('bin', 'python')

/** The Python that has the peers, where it has been set up. */
export function peerPython(root: string): string | undefined {
  const python = path.join(peerFolder(root), '.venv', PYTHON)
  return existsSync(python) ? python : undefined
}

/** The folder of the peers' scripts. */
export function peerFolder(root: string): string {
  return path.join(root, 'bench', 'peers')
}

/**
 * Makes `bench/peers/.venv` and installs the pinned packages from PyPI; does nothing where they are installed already.
 * Needs python3 with venv; throws with pip's own words on stderr where something is missing.
 */
export async function installPeers(
  root: string,
  say: (line: string) => void,
): Promise<{ python: string; isNew: boolean }> {
  const folder = peerFolder(root)
  const wanted = readFileSync(path.join(folder, 'requirements.txt'), 'utf8')
  const note = path.join(folder, '.venv', 'installed.txt')
  const found = peerPython(root)
  if (found && existsSync(note) && readFileSync(note, 'utf8') === wanted) return { python: found, isNew: false }
  say('making bench/peers/.venv …')
  await runOrThrow(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', path.join(folder, '.venv')])
  const python = path.join(folder, '.venv', PYTHON)
  say(`installing ${wanted.trim().split('\n').join(', ')} …`)
  await runOrThrow(python, [
    ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'],
    ...['-r', path.join(folder, 'requirements.txt')],
  ])
  writeFileSync(note, wanted)
  return { python, isNew: true }
}

/** Output goes to stderr: stdout is the benchmark's. */
function runOrThrow(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    spawn(command, args, { stdio: ['ignore', 2, 2] })
      .once('error', (cause) => reject(new Error(`${command} can't be started: is it installed?`, { cause })))
      .once('close', (code) => {
        if (code === 0) resolve()
        else reject(new Error(`${command} ${args.join(' ')} ended with code ${code}`))
      })
  })
}
