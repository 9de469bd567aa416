import { createInterface } from 'node:readline'
import { type Command, Option } from 'commander'
import { type Locale, locales } from '../core/locale'
import { findMember } from '../core/members/find'
import type { Database } from '../db/open'
import { type CliContext, CommandFailure } from './context'
import type { Register } from './program'

/** What pressing a button sends. */
interface Pressed {
  readonly verb: string
  readonly args: Readonly<Record<string, unknown>>
}

/** What the bot says, as far as a terminal shows it. */
interface Said {
  readonly text: string
  readonly card?: { readonly title: string; readonly content: Readonly<Record<string, unknown>> }
  readonly quickReplies?: readonly { readonly title: string; readonly action?: Pressed }[]
  readonly choices?: readonly unknown[]
}

interface Heard {
  readonly intent: string
  readonly score: number
  readonly replies: readonly Said[]
}

/** A conversation with the bot; the composition root knows how to open one. */
export interface Chat {
  welcome(): Promise<Heard>
  say(text: string): Promise<Heard>
  press(action: Pressed): Promise<Heard>
}

export type OpenChat = (
  context: CliContext,
  database: Database,
  options: { memberId?: string; locale?: Locale },
) => Promise<Chat>

interface ChatOptions {
  as?: string
  locale?: Locale
}

/** Where messages come from: process.stdin, or a test's stand-in. */
export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean }

/** `chat`: talk with the bot in the terminal, or a line at a time from a pipe. */
export function registerChat({ openChat, input }: { openChat: OpenChat; input: Input }): Register {
  return (program: Command, context: CliContext) => {
    program
      .command('chat')
      .description('talks with the bot as a member; from a pipe, one message a line in and one JSON a line out')
      .option('--as <member>', 'the member to be; without it a stranger')
      .addOption(new Option('--locale <locale>', 'the language to begin in').choices([...locales]))
      .addHelpText('after', '\nExamples:\n  regulars chat --as M0001\n  echo "my points" | regulars chat --as M0001')
      .action(async (options: ChatOptions, command: Command) => {
        const database = await context.database()
        const chat = await openChat(context, database, await whoToBe(database, options))
        if (input.isTTY && command.optsWithGlobals().json !== true) await talk(chat, input)
        else await answerLines(chat, { input, context })
      })
  }
}

async function whoToBe(database: Database, { as: memberId, locale }: ChatOptions) {
  const language = locale === undefined ? {} : { locale }
  if (memberId === undefined) return language
  if (await findMember(database, { memberId })) return { memberId, ...language }
  throw new CommandFailure(`there is no member "${memberId}"; "regulars members" lists them`, {
    code: 'unknown-member',
  })
}

/** What each button of the last replies does, by what it says. */
interface Buttons {
  readonly all: readonly { title: string; action?: Pressed }[]
  /** Whether a bare number means a button: not where the text itself asks for a number or numbers what it lists. */
  readonly byNumber: boolean
}

async function answerLines(chat: Chat, { input, context }: { input: Input; context: CliContext }): Promise<void> {
  let buttons: Buttons = { all: [], byNumber: false }
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const { intent, score, replies } = await hear(chat, line, buttons)
    buttons = buttonsOf(replies)
    context.json({
      said: line,
      intent,
      score,
      replies: replies.map(({ text }) => text),
      cards: replies.flatMap(({ card }) => (card ? [card.title] : [])),
    })
  }
}

async function talk(chat: Chat, input: Input): Promise<void> {
  const terminal = createInterface({ input, output: process.stdout, prompt: '> ' })
  let replies = show((await chat.welcome()).replies)
  terminal.prompt()
  for await (const line of terminal) {
    replies = show((await hear(chat, line, buttonsOf(replies))).replies)
    terminal.prompt()
  }
}

function hear(chat: Chat, line: string, { all, byNumber }: Buttons): Promise<Heard> {
  const typed = line.trim().toLowerCase()
  const numbered = byNumber && /^\d{1,2}$/.test(typed) ? all[Number(typed) - 1] : undefined
  const button = numbered ?? all.find(({ title }) => title.toLowerCase() === typed)
  return button?.action ? chat.press(button.action) : chat.say(line)
}

function buttonsOf(replies: readonly Said[]): Buttons {
  const quick = replies.at(-1)?.quickReplies ?? []
  const fromCards = replies.flatMap(({ card }) => (card ? cardButtons(card.content) : []))
  const titles = new Set(quick.map(({ title }) => title))
  // Many buttons of one title ("Choose") can't be told apart by it; what they do can be said in words.
  const alone = fromCards.filter(({ title }) => fromCards.filter((other) => other.title === title).length === 1)
  return {
    all: [...quick, ...alone.filter(({ title }) => !titles.has(title))],
    byNumber:
      replies.every(({ choices }) => choices === undefined) && quick.every(({ action }) => action !== undefined),
  }
}

/** The buttons of an Adaptive Card, wherever in it they are. */
function cardButtons(content: unknown): { title: string; action: Pressed }[] {
  if (typeof content !== 'object' || content === null) return []
  if (Array.isArray(content)) return content.flatMap(cardButtons)
  const { type, title, data } = content as { type?: unknown; title?: unknown; data?: Pressed }
  if (type === 'Action.Execute' && typeof title === 'string' && data) return [{ title, action: data }]
  return Object.values(content).flatMap(cardButtons)
}

function show(replies: readonly Said[]): readonly Said[] {
  const { all, byNumber } = buttonsOf(replies)
  for (const { text } of replies) process.stdout.write(`\n${text}\n`)
  const labels = all.map(({ title }, index) => (byNumber ? `[${index + 1}] ${title}` : `[${title}]`))
  if (labels.length > 0) process.stdout.write(`\n${labels.join('  ')}\n`)
  return replies
}
