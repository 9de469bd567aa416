import type { Action, Card } from '../contract'

/** Adaptive Cards 1.5 as plain data, the version Teams shows. */

export type CardElement = Readonly<Record<string, unknown>>
export type CardAction = Readonly<Record<string, unknown>>

/** Teams refuses a card above 28 KB. */
export const CARD_BYTES_MAX = 28 * 1024

/**
 * A card. Elements of `body` beyond what fits into 28 KB are left out: the reply's text says everything anyway.
 * Cards print their text as Markdown, so names from data are escaped by the caller.
 */
export function card({
  title,
  body,
  actions = [],
}: {
  title: string
  body: readonly CardElement[]
  actions?: readonly CardAction[]
}): Card {
  const kept = [...body]
  let content = contentOf(title, kept, actions)
  while (kept.length > 0 && Buffer.byteLength(JSON.stringify(content)) > CARD_BYTES_MAX) {
    kept.pop()
    content = contentOf(title, kept, actions)
  }
  return { title, content }
}

function contentOf(title: string, body: readonly CardElement[], actions: readonly CardAction[]) {
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    body: [heading(title), ...body],
    ...(actions.length > 0 ? { actions } : {}),
  }
}

function heading(text: string): CardElement {
  return { type: 'TextBlock', text, weight: 'Bolder', size: 'Medium', wrap: true, style: 'heading' }
}

/** A paragraph. `subtle` is for what matters less. */
export function paragraph(text: string, { subtle = false }: { subtle?: boolean } = {}): CardElement {
  return { type: 'TextBlock', text, wrap: true, ...(subtle ? { isSubtle: true, spacing: 'Small' } : {}) }
}

/** One big figure, such as a balance or a code. */
export function figure(text: string): CardElement {
  return { type: 'TextBlock', text, size: 'ExtraLarge', weight: 'Bolder', wrap: true, spacing: 'Small' }
}

/** Names and values under each other. Undefined ones are left out. */
export function facts(rows: readonly (readonly [title: string, value: string] | undefined)[]): CardElement {
  return {
    type: 'FactSet',
    facts: rows.filter((row) => row !== undefined).map(([title, value]) => ({ title, value })),
  }
}

/** One thing of a list: its name, what there is to say about it, and buttons of its own. */
export function item({
  title,
  lines = [],
  actions = [],
}: {
  title: string
  lines?: readonly string[]
  actions?: readonly CardAction[]
}): CardElement {
  return {
    type: 'Container',
    separator: true,
    spacing: 'Medium',
    items: [
      { type: 'TextBlock', text: title, weight: 'Bolder', wrap: true },
      ...lines.map((line) => paragraph(line, { subtle: true })),
      ...(actions.length > 0 ? [{ type: 'ActionSet', actions }] : []),
    ],
  }
}

/** A button: Action.Execute where the channel knows it, Action.Submit elsewhere; both bring `{verb, args}` back. */
export function button(
  title: string,
  { verb, args }: Action,
  { style }: { style?: 'positive' | 'destructive' } = {},
): CardAction {
  const data = { verb, args }
  return {
    type: 'Action.Execute',
    title,
    verb,
    data,
    ...(style ? { style } : {}),
    fallback: { type: 'Action.Submit', title, data },
  }
}
