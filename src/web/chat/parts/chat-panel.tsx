import { useEffect, useRef } from 'preact/hooks'
import { useStore } from '../../shared/use-store'
import type { Chat } from '../chat'
import { readableAccent } from '../model/accent'
import { isComposing } from '../model/composing'
import { quickReplies } from '../model/transcript'
import { chatWords } from '../words'
import { Banner } from './banner'
import { Composer } from './composer'
import { Header } from './header'
import { MessageLog } from './message-log'
import { QuickReplies } from './quick-replies'

/** On a touch screen focus in the message box would bring up the keyboard, over what there is to read. */
const hasTouch = matchMedia('(pointer: coarse)')

/** The whole chat. */
export function ChatPanel({ chat, framed }: { chat: Chat; framed: boolean }) {
  const state = useStore(chat.store)
  const words = chatWords[state.locale]
  const input = useRef<HTMLTextAreaElement>(null)
  const panel = useRef<HTMLElement>(null)

  const focusInput = (): void => (hasTouch.matches ? panel.current : input.current)?.focus()

  useEffect(() => {
    const page = document.documentElement
    page.lang = state.locale === 'zh' ? 'zh-CN' : 'en-GB'
    page.dataset.theme = state.theme
    document.title = state.title?.[state.locale] ?? words.title
    const accent = readableAccent(state.accent)
    page.style.setProperty('--accent-on-light', accent?.onLight ?? '')
    page.style.setProperty('--accent-on-dark', accent?.onDark ?? '')
  }, [state.locale, state.theme, state.title, state.accent, words])

  useEffect(() => {
    if (state.focusAsked > 0) focusInput()
  }, [state.focusAsked])

  useEffect(() => {
    const closeOnEscape = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !isComposing(event) && !event.defaultPrevented) chat.close()
    }
    document.addEventListener('keydown', closeOnEscape)
    return () => document.removeEventListener('keydown', closeOnEscape)
  }, [chat])

  return (
    <main class="panel" ref={panel} tabIndex={-1}>
      <button type="button" class="skip" onClick={() => input.current?.focus()}>
        {words.skipToInput}
      </button>
      <Header chat={chat} state={state} words={words} closable={framed} />
      <Banner chat={chat} state={state} words={words} />
      <MessageLog chat={chat} state={state} words={words} />
      <QuickReplies chat={chat} actions={quickReplies(state.transcript)} words={words} onPressed={focusInput} />
      <Composer chat={chat} words={words} input={input} locale={state.locale} />
    </main>
  )
}
