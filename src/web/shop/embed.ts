import '../loader/api'
import type { Locale } from '../shared/locale'

/**
 * Puts the widget's script tag on the page, as a shop's own template would write it. Done in script only because the
 * demo's customer is chosen here and not by signing in.
 */
export function embedWidget({ token, locale }: { token: string | undefined; locale: Locale }): void {
  const script = document.createElement('script')
  script.src = new URL('widget.js', document.baseURI).href
  script.defer = true
  script.dataset.locale = locale
  script.dataset.title = 'Kettlewick Tea & Home'
  script.dataset.titleZh = '壶光茶居'
  if (token) script.dataset.token = token
  document.body.append(script)
}

/** Runs with the widget, now or as soon as it is there. */
export function withWidget(use: (widget: NonNullable<Window['Regulars']>) => void): void {
  if (window.Regulars) use(window.Regulars)
  else window.addEventListener('regulars:ready', () => window.Regulars && use(window.Regulars), { once: true })
}

/** The tag as it is shown to people. */
export const embedCode = (origin: string): string => `<script src="${origin}/widget.js"
        data-token="MEMBER TOKEN" data-locale="en" defer></script>`
