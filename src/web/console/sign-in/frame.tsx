import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Localised } from '../../../core/locale'
import type { Locale } from '../../shared/locale'
import { useLocale, useWords } from '../data/language'
import { Cup } from '../parts/cup'
import { shellWords } from '../words/shell'
import { signInWords } from '../words/sign-in'

/** The frame of everything before one is signed in. */
export function Frame(props: {
  merchant: Localised
  title: string
  lead: string
  onLocale: (locale: Locale) => void
  children: ReactNode
}) {
  const { merchant, title, lead, onLocale, children } = props
  const locale = useLocale()
  const words = useWords(signInWords)
  const shell = useWords(shellWords)
  document.title = `${title} · ${merchant[locale]}`
  return (
    <div className="door">
      <header className="door-top">
        <span className="door-brand">
          <Cup />
          <span>
            <strong>{merchant[locale]}</strong>
            <span className="fine">{shell.name}</span>
          </span>
        </span>
        <Button
          variant="default"
          size="xs"
          lang={locale === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => onLocale(locale === 'zh' ? 'en' : 'zh')}
        >
          {words.otherLanguage}
        </Button>
      </header>
      <main className="door-card">
        <h1>{title}</h1>
        <p className="lead">{lead}</p>
        {children}
      </main>
    </div>
  )
}
