import type { Action, Reply } from '../../src/bot/contract'

/**
 * Conversations as readable files:
 *
 *   ## what this scenario shows
 *   = as M1                        who talks: "as MEMBER", "stranger", "group USER [MEMBER]"
 *   = deploy redeem-coupon         the conversation's version is raised
 *   = at 2026-12-01T10:00:00Z      the clock
 *   = run sell-out                 a named change behind the bot's back
 *   > redeem a coupon              what is said; "> [Yes, redeem]" presses a button; "> {code}" is what the harness knows
 *   < You have **500 points** …    a reply, line by line ("<" alone is an empty line); … stands for any text
 *   [Free coffee] [Cancel]         the quick replies of the last reply
 *   ! secret                       must not occur in the replies
 */
export interface Scenario {
  readonly title: string
  readonly steps: readonly Step[]
}

export type Step =
  | { readonly kind: 'order'; readonly line: number; readonly verb: string; readonly args: readonly string[] }
  | {
      readonly kind: 'said'
      readonly line: number
      readonly text: string
      readonly replies: string[]
      readonly absent: string[]
      buttons?: string[]
    }

/** Reads a transcript. Throws at a line that it can't read. */
export function parseTranscript(source: string): Scenario[] {
  const scenarios: { title: string; steps: Step[] }[] = []
  for (const [index, raw] of source.split('\n').entries()) {
    const line = index + 1
    const text = raw.trimEnd()
    if (text === '' || text.startsWith('# ')) continue
    if (text.startsWith('## ')) {
      scenarios.push({ title: text.slice(3), steps: [] })
      continue
    }
    const steps = scenarios.at(-1)?.steps
    if (!steps) throw new Error(`line ${line}: a scenario begins with "## title"`)
    const last = steps.at(-1)
    if (text.startsWith('= ')) {
      const [verb = '', ...args] = text.slice(2).split(' ')
      steps.push({ kind: 'order', line, verb, args })
    } else if (text.startsWith('>')) {
      steps.push({ kind: 'said', line, text: text.slice(1).trim(), replies: [], absent: [] })
    } else if (last?.kind !== 'said') {
      throw new Error(`line ${line}: "${text}" follows nothing that was said`)
    } else if (text.startsWith('<')) last.replies.push(text.slice(1).replace(/^ /, ''))
    else if (text.startsWith('! ')) last.absent.push(text.slice(2))
    else if (text.startsWith('['))
      last.buttons = [...text.matchAll(/\[(.*?)\](?= \[|$)/g)].map((found) => found[1] ?? '')
    else throw new Error(`line ${line}: "${text}" is not understood`)
  }
  return scenarios
}

/** Whether what was said in reply is what a transcript expects; … stands for any text, lines included. */
export function matches(expected: readonly string[], replies: readonly Reply[]): boolean {
  return new RegExp(`^${patternOf(expected)}$`, 'su').test(spoken(replies))
}

/** All replies of a turn as a transcript shows them. */
export function spoken(replies: readonly Reply[]): string {
  return replies
    .map(({ text }) => text)
    .join('\n')
    .replace(/\n{2,}/g, '\n')
}

function patternOf(expected: readonly string[]): string {
  const text = expected.filter((line) => line !== '').join('\n')
  return text
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
}

/** Every button of some replies: those of cards, and quick replies, which may only say their title. */
export function buttonsOn(replies: readonly Reply[]): { title: string; action: Action | 'says-its-title' }[] {
  return replies.flatMap(({ card, quickReplies = [] }) => [
    ...(card ? cardButtons(card.content) : []),
    ...quickReplies.map(({ title, action }) => ({ title, action: action ?? ('says-its-title' as const) })),
  ])
}

/** Every button of a card, wherever in it. */
export function cardButtons(content: unknown): { title: string; action: Action }[] {
  if (typeof content !== 'object' || content === null) return []
  if (Array.isArray(content)) return content.flatMap(cardButtons)
  const { type, title, data } = content as { type?: unknown; title?: unknown; data?: Action }
  if (type === 'Action.Execute' && typeof title === 'string' && data) return [{ title, action: data }]
  return Object.values(content).flatMap(cardButtons)
}
