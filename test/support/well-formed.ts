import type { Reply } from '../../src/bot/contract'
import { CARD_BYTES_MAX } from '../../src/bot/kit/card'

/** What is wrong with a reply, for any channel; empty when all is well. */
export function faultsOf({ text, card, quickReplies = [], choices = [] }: Reply): string[] {
  const faults: string[] = []
  if (text.trim() === '') faults.push('a reply without a text')
  if (/undefined|null|NaN|\[object/.test(text)) faults.push(`a value that is none: ${text}`)
  if (quickReplies.length > 6) faults.push(`${quickReplies.length} quick replies`)
  if (quickReplies.some(({ title }) => title.trim() === '')) faults.push('a quick reply without a title')
  if (new Set(quickReplies.map(({ title }) => title)).size < quickReplies.length) faults.push('two quick replies alike')
  if (choices.some(({ title }) => title.trim() === '')) faults.push('a choice without a title')
  return card ? [...faults, ...cardFaults(card.title, card.content)] : faults
}

function cardFaults(title: string, content: Readonly<Record<string, unknown>>): string[] {
  const faults: string[] = []
  const json = JSON.stringify(content)
  if (title.trim() === '') faults.push('a card without a title')
  if (content.type !== 'AdaptiveCard' || content.version !== '1.5') faults.push('not an Adaptive Card 1.5')
  if (Buffer.byteLength(json) > CARD_BYTES_MAX) faults.push(`a card of ${Buffer.byteLength(json)} bytes`)
  if (/undefined|NaN|\[object/.test(json)) faults.push(`a value that is none in a card: ${json}`)
  return [...faults, ...nodeFaults(content)]
}

/** Every button brings `{verb, args}` back, by Action.Execute and by its Action.Submit fallback alike. */
function nodeFaults(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  if (Array.isArray(node)) return node.flatMap(nodeFaults)
  const { type, verb, data, fallback, title } = node as Record<string, unknown>
  if (type === 'Action.Execute') {
    const submit = fallback as Record<string, unknown> | undefined
    const same = JSON.stringify(submit?.data) === JSON.stringify(data)
    const sound = (data as { verb?: unknown } | undefined)?.verb === verb && submit?.type === 'Action.Submit' && same
    return sound && typeof title === 'string' && title !== ''
      ? []
      : [`a button that brings nothing back: ${JSON.stringify(node)}`]
  }
  return Object.values(node).flatMap(nodeFaults)
}
