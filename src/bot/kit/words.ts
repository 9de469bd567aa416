import type { Locale, Localised } from '../../core/locale'
import type { Action, QuickReply, Reply } from '../contract'

/**
 * A conversation's texts in both languages. Both are of one type, so that a key or a parameter missing in one language
 * does not compile.
 */
export function localisedWords<Words>(words: Readonly<Record<Locale, Words>>) {
  return (at: { readonly locale: Locale }): Words => words[at.locale]
}

/** The text of a name in the reader's language; a name known in one language only is shown in that. */
export function nameIn(locale: Locale, name: Localised): string {
  return name[locale] || name.en || name.zh
}

/** A quick reply that does what its title says, in whatever language. */
export function quickReply(title: string, verb: string, args: Action['args'] = {}): QuickReply {
  return { title, action: { verb, args } }
}

/** A reply of text and quick replies. */
export function say(text: string, ...quickReplies: readonly QuickReply[]): Reply {
  return quickReplies.length > 0 ? { text, quickReplies } : { text }
}
