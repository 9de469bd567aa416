/** A failure whose message tells the person what to do; it is shown without a stack trace. */
export class SetupFailure extends Error {}

/** One line for people. Never on stdout: `npm run -s regulars` promises JSON there. */
export function say(line) {
  process.stderr.write(`setup: ${line}\n`)
}
