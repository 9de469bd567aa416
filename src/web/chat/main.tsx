import { render } from 'preact'
import type { Theme, ToFrame, ToPage } from '../shared/frame-messages'
import { localeOf } from '../shared/locale'
import { Chat } from './chat'
import './chat.css'
import { createMemory } from './memory'
import { ChatPanel } from './parts/chat-panel'

const framed = window.parent !== window
const query = new URLSearchParams(location.search)
const themeAsked = query.get('theme')
const theme: Theme = themeAsked === 'light' || themeAsked === 'dark' ? themeAsked : 'auto'
const locale = localeOf(query.get('locale')) ?? localeOf(navigator.language) ?? 'en'

/** The page around the frame, known from its first message; until then only "ready" is said, to whoever it is. */
let page = '*'
const tellPage = (message: ToPage): void => {
  if (framed) window.parent.postMessage(message, page)
}

const memory = createMemory(tellPage)
const chat = new Chat(locale, theme, memory, tellPage)

function takeMessage(message: ToFrame): void {
  if (message.regulars === 'settings') {
    memory.seed(message.kept)
    chat.configure(message.settings)
  } else if (message.regulars === 'shown') chat.show(message.takeFocus)
  else if (message.regulars === 'hidden') chat.hide()
  else if (message.regulars === 'speak') chat.switchLocale(message.locale)
  else if (message.regulars === 'ask') chat.sendText(message.text)
}

window.addEventListener('message', (event: MessageEvent<ToFrame>) => {
  if (event.source !== window.parent || !framed || typeof event.data?.regulars !== 'string') return
  // A page opened from a file has no origin that could be named.
  page = event.origin === 'null' ? '*' : event.origin
  takeMessage(event.data)
})

const place = document.getElementById('chat')
if (place) render(<ChatPanel chat={chat} framed={framed} />, place)
if (framed) tellPage({ regulars: 'ready' })
else {
  // Opened as a page of its own, it is a stranger's chat.
  chat.configure({ locale, theme })
  chat.show(true)
}
