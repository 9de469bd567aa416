import { localeOf } from '../shared/locale'
import { createWidget } from './create-widget'
import { settingsOf } from './settings'

/**
 * The one script that a shop's page loads. It shows a button; the chat itself is a page of the chat's own server in a
 * frame, so that neither side's styles or scripts can touch the other's, and loads when it is first wanted.
 */
const script = document.currentScript
if (script instanceof HTMLScriptElement && !window.Regulars) {
  const tag = settingsOf(script)
  const start = (): void => {
    const widget = createWidget(new URL('.', script.src), tag)
    window.Regulars = {
      open: widget.open,
      close: widget.close,
      ask: widget.ask,
      setToken: widget.setToken,
      setLocale(tag) {
        const locale = localeOf(tag)
        if (locale) widget.setLocale(locale)
      },
    }
    window.dispatchEvent(new CustomEvent('regulars:ready'))
  }
  if (document.body) start()
  else document.addEventListener('DOMContentLoaded', start, { once: true })
}
