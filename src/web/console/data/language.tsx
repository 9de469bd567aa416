import { createContext, useContext } from 'react'
import type { Locale } from '../../shared/locale'
import type { WordTable } from '../words/table'

/** The language of the console, for all that is below. */
export const LanguageContext = createContext<Locale>('en')

export const useLocale = (): Locale => useContext(LanguageContext)

/** Words of one area in the language of the console. */
export function useWords<Words>(table: WordTable<Words>): Readonly<Words> {
  return table[useLocale()]
}
