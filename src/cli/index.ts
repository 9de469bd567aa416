import { newUuid, secretBytes, systemClock } from '../core/clock'
import { registerMembers } from './members'
import { type Register, runCli } from './program'
import { openForCli } from './stand-in'
import { registerVerify } from './verify'

/** Every command, in the order that --help shows them. A new command is one line here. */
const registrations: readonly Register[] = [registerMembers, registerVerify]

const EPIPE_EXIT = 0

for (const stream of [process.stdout, process.stderr]) {
  // The reader went away (`regulars members | head`): nobody is left to tell.
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? EPIPE_EXIT : 1))
}

void runCli(process.argv.slice(2), {
  registrations,
  clock: systemClock,
  newId: newUuid,
  secretBytes,
  openDatabase: openForCli,
  stdout: process.stdout,
  stderr: process.stderr,
}).then((code) => process.stdout.write('', () => process.exit(code)))
