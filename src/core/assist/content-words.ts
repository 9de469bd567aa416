import { wordsOf } from '../../ml/text-words'
import type { Locale } from '../locale'

/** Words that say nothing of what a message is about; two messages that share only these are not alike. */
const EMPTY_WORDS: Readonly<Record<Locale, ReadonlySet<string>>> = {
  en: new Set(
    (
      "a an the this that these those it its 's i me my mine you your yours we us our he she they them their and or but if " +
      'then so because of to in on at by for from with without about as into over up down out off is am are was were be been ' +
      'being do does did done have has had having can could will would shall should may might must not no yes please thanks ' +
      'thank hello hi hey dear good morning afternoon evening there here what which who whom whose when where why how much ' +
      'many any some all just only also too very really still now again more most than ok okay want need like get got give ' +
      'tell know say said see help question ask asking something anything thing problem issue let go going make made person human agent talk speak someone somebody'
    ).split(' '),
  ),
  zh: new Set(
    '的了吗呢吧啊呀哦嗯我你您他她它们这那哪个是有在不没也都就还和与或及被把给让请想要会能可以怎么什样为何时多少谢您好很太再又只而但如果因所问说一下转人工客服'.split(
      '',
    ),
  ),
}

/** The words of a text that say what it is about, in order; a Chinese character is a word. */
export function contentWords(text: string, locale: Locale): string[] {
  return wordsOf(text).filter((word) => word !== '#' && !EMPTY_WORDS[locale].has(word))
}
