import { localisedWords } from '../kit/words'
import { en } from './replies.en'
import { zh } from './replies.zh'

/** What the engine itself says, between and around the conversations. */
export const words = localisedWords({ en, zh })
