import type { Conversation, QuickReply, Step, Turn, Wordings } from '../../src/bot/contract'
import { textArgument } from '../../src/bot/kit/arguments'
import { numberedList } from '../../src/bot/kit/markdown'
import { wordingFor } from '../../src/bot/kit/wording'
import { localisedWords, quickReply, say } from '../../src/bot/kit/words'
import { recordConsultation } from '../../src/core/consultations/record'
import type { Locale } from '../../src/core/locale'
import { FOUND_MAX } from '../recommend/found'
import { productsNamed } from '../recommend/thing-named'
import { pageIds } from './page-ids'
import type { Page, Pages } from './pages'
import { en } from './replies.en'
import { zh } from './replies.zh'

const words = localisedWords({ en, zh })

const TOPICS_LISTED = 10
const RELATED_MAX = 4
/** What others asked next, beside what is related. */
const NEEDS_MAX = 2
const PERSON = 'talk-to-person'
/** What follows a page's text, so that the answer is enough. */
const closingWordings: Wordings<keyof typeof en.closing> = {
  reply: 'answers.closing',
  arms: ['none', 'ask-on'],
  outcome: 'resolved',
  withinDays: 1,
}
/** "Not what I meant" comes after them, and six are shown. */
const BUTTONS_MAX = 5

/**
 * Answers from the merchant's own pages. `titleOf` names the other conversations that a page relates to.
 */
export function answersFrom(
  pages: Pages,
  { titleOf }: { titleOf: (conversation: string, locale: Locale) => string | undefined },
): Conversation {
  return {
    id: 'answers',
    version: 1,
    intents: pageIds,
    verbs: [],
    personal: false,
    menuTitle: { en: en.menuTitle, zh: zh.menuTitle },
    wordings: [closingWordings],
    titleOf: (intent, locale) => pages[locale].get(intent)?.title,
    async start(turn) {
      const id = textArgument(turn.action, 'page') ?? turn.action?.verb ?? turn.understood.intent
      const order = id === 'track-order' && !turn.action ? turn.understood.entities.orderCodes[0] : undefined
      if (order !== undefined && turn.member && !turn.isGroup) return { say: [], next: whereIs(order) }
      const product = turn.action || !ABOUT_A_PRODUCT.has(id) ? undefined : productIn(turn)
      if (product) return { say: [], next: product }
      const page = pages[turn.locale].get(id)
      if (!page) return { say: [topics(turn, pages)], next: { kind: 'end' } }
      const asked =
        turn.member && !turn.isGroup
          ? await recordConsultation(turn.db, { memberId: turn.member.id, topic: id, key: turn.key, at: turn.now })
          : []
      const related = relatedReplies(turn, { ...page, id, asked }, pages, titleOf)
      const notIt = quickReply(words(turn).notIt, 'none-of-these')
      const closing = words(turn).closing[await wordingFor(turn, closingWordings)]
      return { say: [say(page.text + closing, ...related, notIt)], next: { kind: 'end' } }
    },
    questions: {},
  }
}

/** Pages that tell of any product what somebody may want to know of one. */
const ABOUT_A_PRODUCT: ReadonlySet<string> = new Set(['check-stock', 'place-order'])

/** Whoever names a product wants to know of that one. */
function productIn(turn: Turn): Step<never>['next'] | undefined {
  const skus = productsNamed(turn, FOUND_MAX + 1).map(({ sku }) => sku)
  if (skus.length === 0) return undefined
  return { kind: 'start', conversation: 'recommend', action: { verb: 'recommend-item', args: { skus } } }
}

/** Whoever names an order wants to know of that one, not how orders are tracked. */
function whereIs(orderId: string): Step<never>['next'] {
  return { kind: 'start', conversation: 'my-orders', action: { verb: 'my-orders', args: { orderId } } }
}

/** What those who asked this went on to ask, then what the page itself relates to; only what the bot has an answer to. */
function relatedReplies(
  { locale }: Turn,
  { id: own, related, asked }: Page & { id: string; asked: readonly string[] },
  pages: Pages,
  titleOf: (conversation: string, locale: Locale) => string | undefined,
): QuickReply[] {
  const titled = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const title = pages[locale].get(id)?.title ?? titleOf(id, locale)
      if (title === undefined || id === own) return []
      return [id === PERSON ? quickReply(title, id, reasonFor(own)) : quickReply(title, id)]
    })
  const needs = titled(asked.filter((id) => !related.includes(id))).slice(0, NEEDS_MAX)
  return [...needs, ...titled(related.slice(0, RELATED_MAX))].slice(0, BUTTONS_MAX)
}

/** Whoever goes on to a person from here need not say again what it is about. */
function reasonFor(page: string): { reason: string; topic: string } {
  return { reason: page === 'complaint' ? 'complaint' : 'asked', topic: page }
}

/** What there are pages about, the most asked first. */
function topics(turn: Turn, pages: Pages) {
  const choices = pageIds.slice(0, TOPICS_LISTED).flatMap((id) => {
    const title = pages[turn.locale].get(id)?.title
    return title === undefined ? [] : [{ title, action: { verb: id, args: {} } }]
  })
  const text = `${words(turn).topics}\n\n${numberedList(choices.map(({ title }) => title))}`
  return { text, choices, quickReplies: [quickReply(words(turn).person, PERSON)] }
}
