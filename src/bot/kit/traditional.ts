import type { Reply } from '../contract'
import { simplified } from './simplified'

/** Characters of everyday simplified Chinese that nobody writes beside traditional ones. */
const SIMPLIFIED =
  /[们个这来时说会对发为国动过还没经进问关点东车单订积买卖钱换转让给认识请谢谁确账号员头开样优帮级邮货递运费预约间张两吗么见听话语电网线绿万]/gu
const HAN = /\p{Script=Han}/gu

/** Whether a text is written in traditional characters; undefined where its characters don't tell. */
export function isTraditional(text: string): boolean | undefined {
  const characters = text.match(HAN) ?? []
  const traditional = characters.filter((character) => simplified(character) !== character).length
  const other = text.match(SIMPLIFIED)?.length ?? 0
  return traditional === other ? undefined : traditional > other
}

/** Whether a language tag asks for them: Taiwan, Hong Kong, Macau, or the script itself. */
export function isTraditionalTag(tag: string | undefined): boolean {
  return /^zh(?=[-_])(?:.*[-_](?:hant|tw|hk|mo)(?![a-z]))/i.test(tag ?? '') && !/[-_]hans(?![a-z])/i.test(tag ?? '')
}

/** One replacement after the other, each of longest pieces first, as OpenCC does it. */
interface Step {
  readonly replacements: ReadonlyMap<string, string>
  /** How long the longest piece is that begins with a character. */
  readonly longest: ReadonlyMap<string, number>
}

let steps: readonly Step[] | undefined

/**
 * A text of simplified characters in traditional ones, in the forms of Taiwan and the words of the mainland; `kept` stays as
 * it is. By OpenCC's dictionaries, which are read when the first such text is asked for.
 */
export function traditional(text: string, kept: readonly string[] = []): string {
  const [name, ...others] = kept
  if (name !== undefined && name !== '') {
    return text
      .split(name)
      .map((part) => traditional(part, others))
      .join(name)
  }
  steps ??= readSteps()
  return steps.reduce(replaced, text)
}

/** A reply in traditional characters: all that is shown of it, and nothing of what its buttons bring back. */
export function inTraditional({ text, card, quickReplies, choices, ...rest }: Reply, kept: readonly string[]): Reply {
  const shown = (words: string) => traditional(words, kept)
  // What was typed is compared in simplified characters: titles as they were are found by either.
  const titled = <Titled extends { title: string }>(each: Titled) => ({ ...each, title: shown(each.title) })
  return {
    ...rest,
    text: shown(text),
    ...(card ? { card: { title: shown(card.title), content: shownIn(card.content, shown) } } : {}),
    ...(quickReplies ? { quickReplies: quickReplies.map(titled) } : {}),
    ...(choices ? { choices } : {}),
  }
}

/** What of a card's fields people read. */
const SHOWN = new Set(['text', 'title', 'label', 'placeholder', 'altText', 'fallbackText', 'errorMessage'])

function shownIn<Content>(content: Content, shown: (text: string) => string, inFacts = false): Content {
  if (Array.isArray(content)) return content.map((each) => shownIn(each, shown, inFacts)) as Content
  if (typeof content !== 'object' || content === null) return content
  const entries = Object.entries(content).map(([key, value]) => {
    if (key === 'data') return [key, value]
    // A fact's value is read; an input's is sent.
    const isShown = SHOWN.has(key) || (inFacts && key === 'value')
    return [key, typeof value === 'string' ? (isShown ? shown(value) : value) : shownIn(value, shown, key === 'facts')]
  })
  return Object.fromEntries(entries) as Content
}

type DictionaryGroups = readonly (readonly string[])[]

function readSteps(): Step[] {
  const { Locale } = require('opencc-js/cn2t') as {
    Locale: { from: { cn: DictionaryGroups }; to: { tw: DictionaryGroups } }
  }
  return [...Locale.from.cn, ...Locale.to.tw].map((dictionaries) => {
    const replacements = new Map<string, string>()
    const longest = new Map<string, number>()
    for (const line of dictionaries.flatMap((dictionary) => dictionary.split('|'))) {
      const [from = '', to = ''] = line.split(' ')
      replacements.set(from, to)
      const [first = ''] = from
      longest.set(first, Math.max(longest.get(first) ?? 0, from.length))
    }
    return { replacements, longest }
  })
}

function replaced(text: string, { replacements, longest }: Step): string {
  let result = ''
  for (let at = 0; at < text.length; ) {
    const [first = ''] = text.slice(at, at + 2)
    let length = Math.min(longest.get(first) ?? 0, text.length - at)
    while (length > 0 && !replacements.has(text.slice(at, at + length))) length -= 1
    const piece = length > 0 ? text.slice(at, at + length) : first
    result += length > 0 ? (replacements.get(piece) ?? piece) : piece
    at += piece.length
  }
  return result
}
