import type { ChatSettings, ToFrame, ToPage } from '../shared/frame-messages'
import type { Locale } from '../shared/locale'
import type { RegularsApi } from './api'
import { loaderElements } from './elements'
import { keep, readKept, recall, remember } from './memory'
import type { TagSettings } from './settings'
import { type TokenSource, tokenSourceAt } from './token-source'
import { loaderWords } from './words'

const loadWaitMs = 8_000
const smallScreen = '(max-width: 520px), (max-height: 520px)'

interface Widget extends Omit<RegularsApi, 'setLocale'> {
  setLocale(locale: Locale): void
}

/** Puts the button on the page, and the chat behind it. */
export function createWidget(base: URL, tag: TagSettings): Widget {
  const widget = new WidgetHost(base, tag)
  // A page that comes up hidden behind a full-screen chat would be a poor welcome.
  const mayOpen = !matchMedia(smallScreen).matches
  if (mayOpen && (tag.openAtOnce || recall() === 'open')) widget.open({ takeFocus: false })
  // Begun in this tab: connect in the quiet, so that the button can say that an answer has come.
  else if (recall()) requestIdle(() => widget.load())
  return {
    open: () => widget.open({ takeFocus: true }),
    close: () => widget.close(),
    ask: (text) => widget.ask(text),
    setToken: (token) => widget.setToken(token),
    setLocale: (locale) => widget.setLocale(locale),
  }
}

class WidgetHost {
  private readonly parts
  private frame: HTMLIFrameElement | undefined
  private frameReady = false
  private loadedAtMs = 0
  private waiting: ToFrame[] = []
  private unread = 0
  private readonly small = matchMedia(smallScreen)

  private settings: ChatSettings
  private tokens: TokenSource | undefined

  constructor(
    private readonly base: URL,
    { settings, tokenUrl }: TagSettings,
  ) {
    this.settings = settings
    this.tokens = tokenUrl && !settings.token ? tokenSourceAt(tokenUrl) : undefined
    this.parts = loaderElements(settings)
    const { launcher, dialog } = this.parts
    launcher.addEventListener('click', () => (dialog.open ? this.close() : this.open({ takeFocus: true })))
    // The way there is the time to load: the chat is then there when the button is pressed.
    launcher.addEventListener('pointerenter', () => this.load(), { once: true })
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault()
      this.close()
    })
    dialog.addEventListener('keydown', (event) => event.key === 'Escape' && this.close())
    window.addEventListener('message', (event: MessageEvent<ToPage>) => {
      const known = this.frame && event.source === this.frame.contentWindow && event.origin === base.origin
      if (known) this.take(event.data)
    })
    window.addEventListener('online', this.loadAgain)
    this.small.addEventListener('change', () => dialog.open && this.place())
    window.visualViewport?.addEventListener('resize', () => this.fitToKeyboard())
    window.visualViewport?.addEventListener('scroll', () => this.fitToKeyboard())
    this.label()
  }

  open({ takeFocus }: { takeFocus: boolean }): void {
    this.load()
    this.loadAgain()
    remember('open')
    this.place()
    if (takeFocus) this.frame?.focus()
    this.tell({ regulars: 'shown', takeFocus })
    this.label()
  }

  close(): void {
    const { dialog, launcher } = this.parts
    if (!dialog.open) return
    const hadFocus = document.activeElement === this.parts.host
    dialog.close()
    remember('closed')
    this.tell({ regulars: 'hidden' })
    this.label()
    if (hadFocus) launcher.focus()
  }

  ask(text: string): void {
    this.open({ takeFocus: true })
    this.tell({ regulars: 'ask', text })
  }

  setToken(token: string | undefined): void {
    this.tokens = undefined
    this.useToken(token)
  }

  setLocale(locale: Locale): void {
    if (locale === this.settings.locale) return
    this.settings = { ...this.settings, locale }
    if (this.frameReady) this.tell({ regulars: 'speak', locale })
    this.label()
  }

  /** Loads the chat's page, once. */
  load(): void {
    if (this.frame) return
    this.loadedAtMs = performance.now()
    const { locale, theme } = this.settings
    const address = new URL('chat.html', this.base)
    address.search = new URLSearchParams({ locale, theme }).toString()
    const frame = document.createElement('iframe')
    frame.src = address.href
    frame.allow = 'clipboard-write'
    frame.title = this.title()
    this.frame = frame
    this.parts.dialog.append(frame)
  }

  /** A frame that could not be loaded tells nobody; one that has not spoken for long is loaded anew. */
  private readonly loadAgain = (): void => {
    if (!this.frame || this.frameReady || performance.now() - this.loadedAtMs < loadWaitMs) return
    this.loadedAtMs = performance.now()
    this.frame.src = String(this.frame.src)
  }

  private take(message: ToPage): void {
    if (message.regulars === 'ready') {
      void this.begin()
    } else if (message.regulars === 'close') {
      this.close()
    } else if (message.regulars === 'remember') {
      keep(message.kept)
    } else if (message.regulars === 'unread') {
      this.unread = message.count
      this.label()
    } else if (message.regulars === 'locale') {
      this.settings = { ...this.settings, locale: message.locale }
      this.label()
    } else if (message.regulars === 'token-needed') {
      window.dispatchEvent(new CustomEvent('regulars:token-needed'))
      void this.renewToken()
    }
  }

  private async begin(): Promise<void> {
    const token = this.settings.token ?? (await this.tokens?.fetchToken())
    this.frameReady = true
    this.useToken(token)
    for (const waiting of this.waiting.splice(0)) this.post(waiting)
  }

  private async renewToken(): Promise<void> {
    const token = await this.tokens?.fetchToken()
    if (token) this.useToken(token)
  }

  private useToken(token: string | undefined): void {
    const { token: _, ...rest } = this.settings
    this.settings = token ? { ...rest, token } : rest
    if (this.frameReady) this.sendSettings()
  }

  private sendSettings(): void {
    this.post({ regulars: 'settings', settings: this.settings, kept: readKept() })
  }

  private tell(message: ToFrame): void {
    if (this.frameReady) this.post(message)
    else this.waiting.push(message)
  }

  private post(message: ToFrame): void {
    this.frame?.contentWindow?.postMessage(message, this.base.origin)
  }

  /** On a small screen the chat takes all of it and the page behind is out of reach; else it stands in the corner. */
  private place(): void {
    const { dialog } = this.parts
    const modal = this.small.matches
    if (dialog.open) dialog.close()
    dialog.classList.toggle('full', modal)
    if (modal) dialog.showModal()
    // Not show(), which takes the focus.
    else dialog.open = true
    this.fitToKeyboard()
  }

  /** Keeps the message box above a phone's keyboard, which covers the page without making it smaller. */
  private fitToKeyboard(): void {
    const { dialog } = this.parts
    const viewport = window.visualViewport
    const full = dialog.open && dialog.classList.contains('full') && viewport
    dialog.style.height = full ? `${viewport.height}px` : ''
    dialog.style.top = full ? `${viewport.offsetTop}px` : ''
  }

  private title(): string {
    const { title, locale } = this.settings
    return title ? title[locale] : loaderWords[locale].title
  }

  private label(): void {
    const { launcher, badge, dialog } = this.parts
    const words = loaderWords[this.settings.locale]
    const name = dialog.open ? words.close : words.open
    launcher.setAttribute('aria-label', this.unread > 0 ? `${name}, ${words.unread(this.unread)}` : name)
    launcher.setAttribute('aria-expanded', String(dialog.open))
    launcher.lang = this.settings.locale === 'zh' ? 'zh-CN' : 'en'
    dialog.setAttribute('aria-label', this.title())
    if (this.frame) this.frame.title = this.title()
    badge.textContent = this.unread > 9 ? '9+' : String(this.unread)
    badge.hidden = this.unread === 0
  }
}

function requestIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 5_000 })
  else setTimeout(work, 2_000)
}
