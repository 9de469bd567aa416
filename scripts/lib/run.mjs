import { spawn } from 'node:child_process'
import { SetupFailure } from './say.mjs'

/**
 * Runs a program with its output on our stderr; with `quiet` only when it fails. Rejects with a SetupFailure that says
 * which one failed.
 */
export function runProgram(name, command, args, { quiet = false, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const output = quiet ? 'pipe' : 2
    const child = spawn(command, args, { stdio: ['ignore', output, output], ...options })
    const held = []
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => held.push(data))
    child.once('error', (error) => reject(new SetupFailure(`${name} could not be started: ${error.message}`)))
    child.once('close', (code, signal) => {
      if (code === 0) return resolve()
      for (const data of held) process.stderr.write(data)
      reject(new SetupFailure(`${name} failed (${signal ?? `exit code ${code}`}); see its messages above`))
    })
  })
}
