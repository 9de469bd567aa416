import type { Conversation, Reply, Step, Turn, Understanding } from '../../../src/bot/contract'
import type { Recogniser } from '../../../src/bot/turn/pipeline'
import { localeOf } from '../../../src/core/locale'

/** Small conversations that show what the pipeline does, so that its tests do not depend on the real ones. */
export const testConversations: readonly Conversation[] = [
  conversation('echo', async (turn) => say({ text: `${turn.locale}: ${turn.said}` })),
  conversation('who', async (turn) => say({ text: turn.member ? `member ${turn.member.id}` : 'a stranger' })),
  conversation('effect', async (turn) => {
    await leaveMark(turn)
    return say({ text: `done ${turn.said}` })
  }),
  conversation('linger', async (turn) => {
    await leaveMark(turn)
    await new Promise((resolve) => setTimeout(resolve, 15))
    return say({ text: `done ${turn.said}` })
  }),
  conversation('break', async (turn) => {
    await leaveMark(turn)
    throw new Error('broken on purpose')
  }),
  conversation('slow', async (turn) => {
    await leaveMark(turn)
    await new Promise((resolve) => setTimeout(resolve, 60_000).unref())
    return say({ text: 'too late' })
  }),
  conversation('sleep', async (turn) => {
    await turn.db.sql`select pg_sleep(60)`
    return say({ text: 'too late' })
  }),
  conversation('buttons', async () =>
    say({
      text: 'Choose',
      quickReplies: [{ title: 'Do it', action: { verb: 'effect', args: { amount: 2 } } }, { title: 'Say it' }],
    }),
  ),
  conversation('card', async () =>
    say({ text: 'A card', card: { title: 'Card', content: { type: 'AdaptiveCard', version: '1.5', body: [] } } }),
  ),
  conversation('talk-to-person', async () => say({ text: 'A person will come.' })),
]

function conversation(id: string, start: (turn: Turn) => Promise<Step<unknown>>): Conversation {
  return { id, version: 1, intents: [id], verbs: [], personal: false, start, questions: {} }
}

function say(...replies: Reply[]): Step<unknown> {
  return { say: replies, next: { kind: 'end' } }
}

/** An effect that would show if it happened twice: nothing in the table forbids it. */
async function leaveMark(turn: Turn): Promise<void> {
  const what = turn.action ? JSON.stringify(turn.action) : turn.said
  await turn.db.sql`
    insert into mail (recipient, subject, body, status, created_at, next_attempt_at)
    values ('mark', ${turn.key}, ${what}, 'pending', ${turn.now}, ${turn.now})`
}

/** The first word of a text is its intent. */
export const testRecogniser: Recogniser = {
  recognise(said, { locale }): Understanding {
    const [word = ''] = said.split(' ')
    const known = testConversations.some(({ id }) => id === word)
    return {
      locale: /\p{Script=Han}/u.test(said) ? 'zh' : (localeOf(locale) ?? 'en'),
      intent: known ? word : 'none',
      score: known ? 1 : 0,
      alternatives: [],
      entities: { numbers: [], couponCodes: [], orderCodes: [], emails: [], products: [], categories: [] },
    }
  },
}
