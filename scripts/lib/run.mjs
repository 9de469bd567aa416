import { spawn } from 'node:child_process'
import { SetupFailure } from './say.mjs'

/** Runs a program with its output on our stderr. Rejects with a SetupFailure that says which one failed. */
export function runProgram(name, command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 2, 2], ...options })
    child.once('error', (error) => reject(new SetupFailure(`${name} could not be started: ${error.message}`)))
    child.once('exit', (code, signal) => {
      if (code === 0) resolve()
      else reject(new SetupFailure(`${name} failed (${signal ?? `exit code ${code}`}); see its messages above`))
    })
  })
}
