// Brings a checkout into a state that can run: packages, database client, server, pages. Called before every command of
// package.json, so it does only what is due and says nothing when nothing is. Node's own modules only: it runs before
// there are any others. Everything it prints goes to stderr, because stdout belongs to the command that comes after.

import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from './lib/lock.mjs'
import { SetupFailure, say } from './lib/say.mjs'
import { clientStep, dependenciesStep, linksStep, pagesStep, serverStep } from './lib/steps.mjs'

const NODE_MIN = [20, 19]
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')

try {
  requireNode()
  const steps = [dependenciesStep(root), linksStep(root), clientStep(root), serverStep(root), pagesStep(root)]
  // The lock is taken only when there is work, so that a read-only checkout that is complete can run.
  if (steps.some((step) => step.isDue())) {
    await withLock(path.join(root, 'dist', '.setup-lock'), async () => {
      // Asked again under the lock and one by one: another setup may just have done it, and a step can make a later one due.
      for (const step of steps) if (step.isDue()) await run(step)
    })
  }
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error
  say(error.message)
  process.exitCode = 1
}

async function run(step) {
  const startedAt = performance.now()
  say(`${step.doing} …`)
  await step.run()
  say(`${step.done} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return
  throw new SetupFailure(`Node ${process.versions.node} is too old; Regulars needs Node ${NODE_MIN.join('.')} or newer`)
}
