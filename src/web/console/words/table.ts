import type { Locale } from '../../shared/locale'

/** Words of one area in every language. The English ones say which there are: a missing key is a type error. */
export type WordTable<Words> = Readonly<Record<Locale, Readonly<Words>>>
