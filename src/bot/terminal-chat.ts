import type { Locale } from '../core/locale'
import type { Action, Reply } from './contract'
import type { TurnRunner } from './turn/pipeline'

/** One turn of a terminal chat as it came out. */
export interface Heard {
  readonly intent: string
  readonly score: number
  readonly replies: readonly Reply[]
}

/** A conversation with the bot from within this process, for the command line. */
export interface TerminalChat {
  welcome(): Promise<Heard>
  say(text: string): Promise<Heard>
  press(action: Action): Promise<Heard>
}

export interface TerminalChatOptions {
  /** The same turns as those of every channel. */
  readonly turns: TurnRunner
  readonly newId: () => string
  /** Whom the caller vouches for; absent: a stranger. */
  readonly memberId?: string
  readonly locale?: Locale
}

/** Opens a conversation of its own on the channel `cli`. Throws when a turn could not be answered at all. */
export function openTerminalChat({ turns, newId, memberId, locale }: TerminalChatOptions): TerminalChat {
  const conversationId = newId()
  const take = async (content: Parameters<TurnRunner['run']>[0]['content']): Promise<Heard> => {
    const outcome = await turns.run(
      {
        channel: 'cli',
        conversationId,
        activityId: newId(),
        tenantId: '',
        // A user id per run: linking in one run must not make the next run's stranger a member.
        userId: `cli ${conversationId}`,
        ...(memberId === undefined ? {} : { asMemberId: memberId }),
        isGroup: false,
        ...(locale === undefined ? {} : { locale }),
        content,
      },
      { store: () => ({}) },
    )
    if (outcome.kind !== 'answered') throw new Error(`the bot could not answer: ${outcome.kind}`)
    const { intent, score, replies } = outcome
    return { intent, score, replies }
  }
  return {
    welcome: () => take({ kind: 'welcome' }),
    say: (text) => take({ kind: 'message', text }),
    press: (action) => take({ kind: 'message', text: '', action }),
  }
}
