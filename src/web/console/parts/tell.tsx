import { notifications } from '@mantine/notifications'
import { useCallback } from 'react'
import type { Answer } from '../data/ask'
import { useLocale } from '../data/language'
import { refusalIn } from '../words/refusals'
import { Icon } from './icons'

/** Ways to say in passing that something was done, or why it was not. */
export function useTell() {
  const locale = useLocale()
  const done = useCallback((message: string) => {
    notifications.show({ message, color: 'regulars', icon: <Icon name="check" />, autoClose: 3_500 })
  }, [])
  const refused = useCallback(
    (answer: Extract<Answer<unknown>, { ok: false }>) => {
      const message = refusalIn(locale, answer)
      notifications.show({ message, color: 'red', icon: <Icon name="alert" />, autoClose: 8_000 })
    },
    [locale],
  )
  return { done, refused }
}
