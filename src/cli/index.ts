import { conversations } from '../../dialogs/index'
import { loadRecogniser } from '../bot/nlu/recogniser'
import { type Config, describeRefusals, loadConfig } from '../config'
import { newUuid, secretBytes, systemClock } from '../core/clock'
import { trainers } from '../core/training/trainers'
import type { Database } from '../db/open'
import { openConfiguredDatabase } from '../db/open-configured'
import { schedule } from '../jobs/schedule'
import { openChat } from '../open-chat'
import { registerCampaigns } from './campaigns'
import { registerChat } from './chat'
import { registerChurn } from './churn'
import { CommandFailure } from './context'
import { registerDemo } from './demo'
import { registerEvents } from './events'
import { registerExperiments } from './experiments'
import { registerImport } from './import'
import { registerJobs } from './jobs'
import { registerMembers } from './members'
import { registerPrivacy } from './privacy'
import { type Register, runCli } from './program'
import { registerProgramme } from './programme'
import { registerRecommend } from './recommend'
import { registerSegments } from './segments'
import { registerSimulate } from './simulate'
import { registerStaff } from './staff'
import { registerTrain } from './train'
import { registerUnderstand } from './understand'
import { registerVerify } from './verify'

/** Every command, in the order that --help shows them. A new command is one line here. */
const registrations: readonly Register[] = [
  registerImport,
  registerEvents,
  registerDemo,
  registerMembers,
  registerProgramme,
  registerRecommend,
  registerChat({ openChat, input: process.stdin }),
  registerUnderstand({ loadRecogniser, input: process.stdin }),
  registerTrain(trainers),
  registerJobs(schedule),
  registerCampaigns,
  registerExperiments(conversations.flatMap(({ wordings = [] }) => wordings)),
  registerStaff({ publicUrl: () => configured().publicUrl, input: process.stdin }),
  registerSimulate,
  registerSegments,
  registerChurn,
  registerPrivacy,
  registerVerify,
]

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
  openDatabase: openConfigured,
  stdout: process.stdout,
  stderr: process.stderr,
}).then((code) => process.stdout.write('', () => process.exit(code)))

function configured(): Config {
  const loaded = loadConfig()
  if (!loaded.ok) throw new CommandFailure(describeRefusals(loaded.refusals), { code: 'not-configured' })
  return loaded.config
}

/** The database of the configuration, ready for use. */
async function openConfigured(): Promise<Database> {
  return openConfiguredDatabase(configured(), { onNotice: (text) => process.stderr.write(`${text}\n`) })
}
