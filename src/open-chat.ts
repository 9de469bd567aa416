import { conversations } from '../dialogs/index'
import { createEngine } from './bot/engine/engine'
import { loadRecogniser } from './bot/nlu/recogniser'
import { openTerminalChat } from './bot/terminal-chat'
import { createTurnRunner } from './bot/turn/pipeline'
import type { OpenChat } from './cli/chat'
import { createLogger } from './logger'

/** A chat in the terminal: the conversations, the recogniser and the turns of the server, without its channels. */
export const openChat: OpenChat = async ({ clock, newId, secretBytes }, database, options) => {
  const turns = createTurnRunner({
    database,
    engine: createEngine(conversations),
    recogniser: await loadRecogniser(database),
    clock,
    secretBytes,
    // The log's place is stdout, which belongs to the answers here; what goes wrong is apologised for.
    logger: createLogger({ level: 'silent' }),
  })
  return openTerminalChat({ turns, newId, ...options })
}
