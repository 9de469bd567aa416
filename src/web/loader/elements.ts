import { readableAccent } from '../chat/model/accent'
import type { ChatSettings } from '../shared/frame-messages'
import { loaderStyles } from './styles'

interface LoaderElements {
  readonly host: HTMLElement
  readonly launcher: HTMLButtonElement
  readonly badge: HTMLElement
  readonly dialog: HTMLDialogElement
}

/** The button and the dialog, in a shadow tree where the page's styles do not reach. */
export function loaderElements(settings: ChatSettings): LoaderElements {
  const host = document.createElement('regulars-chat')
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(loaderStyles)
  root.adoptedStyleSheets = [sheet]
  host.dataset.theme = settings.theme
  const accent = readableAccent(settings.accent)
  if (accent) host.style.setProperty('--accent-on-light', accent.onLight)

  const launcher = document.createElement('button')
  launcher.type = 'button'
  launcher.className = 'launcher'
  launcher.setAttribute('aria-haspopup', 'dialog')
  launcher.append(
    icon('chat', 'M5 18.5V7a3 3 0 0 1 3-3h8a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3H9z', 'M9 9h6M9 12h3.5'),
    icon('down', 'M6 9.5l6 6 6-6'),
  )
  const badge = document.createElement('span')
  badge.className = 'badge'
  badge.setAttribute('aria-hidden', 'true')
  badge.hidden = true
  launcher.append(badge)

  const dialog = document.createElement('dialog')
  root.append(dialog, launcher)
  document.body.append(host)
  return { host, launcher, badge, dialog }
}

function icon(name: string, ...paths: readonly string[]): SVGElement {
  const namespace = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(namespace, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  svg.classList.add(name)
  for (const line of paths) {
    const path = document.createElementNS(namespace, 'path')
    path.setAttribute('d', line)
    svg.append(path)
  }
  return svg
}
