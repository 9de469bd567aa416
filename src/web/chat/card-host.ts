import {
  type Action,
  AdaptiveCard as Card,
  Container,
  ExecuteAction,
  GlobalRegistry,
  HostConfig,
  OpenUrlAction,
  SerializationContext,
  SubmitAction,
  Table,
  TextBlock,
  Versions,
} from 'adaptivecards'
import { safeHref } from './model/markdown'
import { markdownToHtml } from './model/markdown-html'

/** What pressing a card's button sends. */
export interface CardPress {
  readonly value: Readonly<Record<string, unknown>>
  readonly title: string
}

/** Colours are the chat's own variables, so that a card follows light and dark without being drawn again. */
const hostConfig = new HostConfig({
  fontFamily: 'inherit',
  supportsInteractivity: true,
  choiceSetInputValueSeparator: ',',
  spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 14 },
  separator: { lineThickness: 1, lineColor: 'var(--line)' },
  fontSizes: { small: 12, default: 14, medium: 16, large: 19, extraLarge: 26 },
  fontWeights: { lighter: 400, default: 400, bolder: 650 },
  containerStyles: {
    default: { backgroundColor: 'var(--bg)', foregroundColors: foreground() },
    emphasis: { backgroundColor: 'var(--surface)', foregroundColors: foreground() },
    accent: { backgroundColor: 'var(--accent-soft)', foregroundColors: foreground() },
    good: { backgroundColor: 'var(--accent-soft)', foregroundColors: foreground() },
    warning: { backgroundColor: 'var(--notice)', foregroundColors: foreground() },
    attention: { backgroundColor: 'var(--danger-soft)', foregroundColors: foreground() },
  },
  imageSizes: { small: 40, medium: 80, large: 160 },
  actions: {
    maxActions: 6,
    spacing: 'default',
    buttonSpacing: 8,
    showCard: { actionMode: 'inline', inlineTopMargin: 12 },
    actionsOrientation: 'horizontal',
    actionAlignment: 'left',
  },
  adaptiveCard: { allowCustomStyle: false },
  factSet: {
    title: { color: 'default', size: 'default', isSubtle: true, weight: 'default', wrap: true, maxWidth: 150 },
    value: { color: 'default', size: 'default', isSubtle: false, weight: 'default', wrap: true },
    spacing: 16,
  },
  textBlock: { headingLevel: 2 },
})

function foreground(): object {
  const tone = (name: string) => ({ default: `var(--${name})`, subtle: `var(--${name === 'text' ? 'muted' : name})` })
  return {
    default: tone('text'),
    dark: tone('text'),
    light: tone('muted'),
    accent: tone('accent'),
    good: tone('accent'),
    warning: tone('text'),
    attention: tone('danger'),
  }
}

Card.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdownToHtml(text)
  result.didProcess = true
}
// The package declares that its files have no effects, so the bundler leaves out the table's own registration.
GlobalRegistry.defaultElements.register('Table', Table, Versions.v1_5)

/** Draws a card; undefined when it is none that can be drawn. */
export function drawCard(content: unknown, onPress: (press: CardPress) => void): HTMLElement | undefined {
  const card = new Card()
  card.hostConfig = hostConfig
  card.onExecuteAction = (action) => execute(action, onPress)
  card.onAnchorClicked = (_element, anchor) => safeHref(anchor.href) === undefined
  try {
    card.parse(content, new SerializationContext(Versions.v1_6))
    const drawn = card.render()
    for (const action of card.getAllActions()) {
      // Of ten buttons that say "Choose", each says what.
      action.renderedElement?.setAttribute('aria-label', nameOf(action))
    }
    return drawn
  } catch (error) {
    console.warn('a card could not be drawn', error)
    return undefined
  }
}

function execute(action: Action, onPress: (press: CardPress) => void): void {
  const title = nameOf(action)
  if (action instanceof OpenUrlAction) {
    const href = safeHref(action.url ?? '')
    if (href) window.open(href, '_blank', 'noopener,noreferrer')
  } else if (action instanceof ExecuteAction) {
    onPress({ value: { ...action.data, verb: action.verb }, title })
  } else if (action instanceof SubmitAction) {
    const data: unknown = action.data
    onPress({ value: typeof data === 'object' && data !== null ? { ...data } : { value: data }, title })
  }
}

/** What a button says, with the heading of the part of the card that it stands in. */
function nameOf(action: Action): string {
  const part = action.parent?.parent
  const heading = part instanceof Container && !(part instanceof Card) ? part.getItemAt(0) : undefined
  const title = action.title ?? ''
  if (!(heading instanceof TextBlock) || !heading.text) return title
  const colon = /\p{Script=Han}/u.test(title) ? '：' : ': '
  return title + colon + heading.text.replace(/\\(.)/g, '$1')
}
