/**
 * The part of Markdown that messages use, read into a tree of plain data that cannot hold HTML: whatever is not
 * understood stays text. Emphasis is more lenient than CommonMark, whose flanking rules fail beside Chinese punctuation
 * (`**120 积分**。`). One pass; nothing in a message can make it slow.
 */
export type Inline =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'strong' | 'emphasis'; readonly children: readonly Inline[] }
  | { readonly type: 'link'; readonly href: string; readonly children: readonly Inline[] }
  | { readonly type: 'break' }

export type Block =
  | { readonly type: 'paragraph' | 'heading'; readonly children: readonly Inline[] }
  | { readonly type: 'code-block'; readonly text: string }
  | {
      readonly type: 'list'
      readonly ordered: boolean
      readonly start: number
      readonly items: readonly (readonly Inline[])[]
    }

const lengthMax = 20_000
const depthMax = 4

/** Reads Markdown into blocks. */
export function parseMarkdown(source: string): readonly Block[] {
  const lines = source.slice(0, lengthMax).replace(/\r\n?/g, '\n').split('\n')
  const blocks: Block[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const list = listLine(line)
    if (line.trim() === '') {
      at += 1
    } else if (line.startsWith('```')) {
      const end = lines.indexOf('```', at + 1)
      const until = end === -1 ? lines.length : end
      blocks.push({ type: 'code-block', text: lines.slice(at + 1, until).join('\n') })
      at = until + 1
    } else if (/^#{1,6} /.test(line)) {
      blocks.push({ type: 'heading', children: parseInline(line.replace(/^#+ /, '')) })
      at += 1
    } else if (list) {
      at = readList(lines, at, list, blocks)
    } else {
      at = readParagraph(lines, at, blocks)
    }
  }
  return blocks
}

interface ListLine {
  readonly ordered: boolean
  readonly start: number
  readonly text: string
}

function listLine(line: string): ListLine | undefined {
  const bullet = /^ {0,3}[-*•] (.*)$/.exec(line)
  if (bullet) return { ordered: false, start: 1, text: bullet[1] ?? '' }
  const numbered = /^ {0,3}(\d{1,4})[.)] (.*)$/.exec(line)
  return numbered ? { ordered: true, start: Number(numbered[1]), text: numbered[2] ?? '' } : undefined
}

function readList(lines: readonly string[], from: number, first: ListLine, blocks: Block[]): number {
  const texts: string[] = []
  let at = from
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const item = listLine(line)
    if (item && item.ordered === first.ordered) texts.push(item.text)
    // An indented line goes on with the item above it.
    else if (/^ {2,}\S/.test(line)) texts.push(`${texts.pop()}\n${line.trim()}`)
    // Blank lines between items do not end a list.
    else if (line.trim() === '' && listLine(lines[at + 1] ?? '')?.ordered === first.ordered) continue
    else break
  }
  blocks.push({
    type: 'list',
    ordered: first.ordered,
    start: first.start,
    items: texts.map((text) => parseInline(text)),
  })
  return at
}

function readParagraph(lines: readonly string[], from: number, blocks: Block[]): number {
  let at = from
  while (at < lines.length) {
    const line = lines[at] ?? ''
    if (line.trim() === '' || line.startsWith('```') || (at > from && listLine(line))) break
    at += 1
  }
  blocks.push({ type: 'paragraph', children: parseInline(lines.slice(from, at).join('\n')) })
  return at
}

/** Reads the marks inside a line or paragraph. */
export function parseInline(source: string, depth = 0): readonly Inline[] {
  const found: Inline[] = []
  let text = ''
  const flush = (): void => {
    if (text) found.push({ type: 'text', text })
    text = ''
  }
  let at = 0
  while (at < source.length) {
    const mark = readMark(source, at, depth)
    if (!mark) {
      text += source[at]
      at += 1
      continue
    }
    if (mark.node.type === 'text') text += mark.node.text
    else {
      flush()
      found.push(mark.node)
    }
    at = mark.end
  }
  flush()
  return found
}

interface Mark {
  readonly node: Inline
  readonly end: number
}

function readMark(source: string, at: number, depth: number): Mark | undefined {
  switch (source[at]) {
    case '\n':
      return { node: { type: 'break' }, end: at + 1 }
    case '\\': {
      const next = source[at + 1] ?? ''
      // Any sign of ASCII, as in CommonMark.
      return /[!-/:-@[-`{-~]/.test(next) ? { node: { type: 'text', text: next }, end: at + 2 } : undefined
    }
    case '&':
      // So that text which looks like an entity can be written at all; others stay as they are.
      return source.startsWith('&amp;', at) ? { node: { type: 'text', text: '&' }, end: at + 5 } : undefined
    case '`':
      return readCode(source, at)
    case '*':
    case '_':
      return depth < depthMax ? readEmphasis(source, at, depth) : undefined
    case '[':
      return depth < depthMax ? readLink(source, at) : undefined
    case 'h':
      return readBareLink(source, at)
    default:
      return undefined
  }
}

function readCode(source: string, at: number): Mark | undefined {
  const end = findNear(source, '`', at + 1)
  return end > at + 1 ? { node: { type: 'code', text: source.slice(at + 1, end) }, end: end + 1 } : undefined
}

function readEmphasis(source: string, at: number, depth: number): Mark | undefined {
  const sign = source[at] ?? ''
  const mark = source[at + 1] === sign ? sign + sign : sign
  // snake_case and 2*3*4 are no emphasis.
  if (mark.length === 1 && /[A-Za-z0-9]/.test(source[at - 1] ?? '')) return undefined
  const from = at + mark.length
  if (/^\s?$/.test(source[from] ?? '')) return undefined
  const end = findNear(source, mark, from + 1)
  if (end === -1 || /\s/.test(source[end - 1] ?? '')) return undefined
  const children = parseInline(source.slice(from, end), depth + 1)
  return { node: { type: mark.length === 2 ? 'strong' : 'emphasis', children }, end: end + mark.length }
}

function readLink(source: string, at: number): Mark | undefined {
  const middle = findNear(source, '](', at + 1)
  const end = middle === -1 ? -1 : findNear(source, ')', middle + 2)
  if (end === -1) return undefined
  const href = safeHref(source.slice(middle + 2, end))
  if (!href) return undefined
  // No link inside a link.
  const children = parseInline(source.slice(at + 1, middle), depthMax)
  return { node: { type: 'link', href, children }, end: end + 1 }
}

function readBareLink(source: string, at: number): Mark | undefined {
  if (/[A-Za-z0-9]/.test(source[at - 1] ?? '')) return undefined
  const match = /^https?:\/\/[^\s<>"'`（）【】「」，。；！？、]{1,2000}/.exec(source.slice(at, at + 2_100))
  const address = match?.[0].replace(/[.,:;!?)\]*_]+$/, '')
  const href = address ? safeHref(address) : undefined
  if (!address || !href) return undefined
  return { node: { type: 'link', href, children: [{ type: 'text', text: address }] }, end: at + address.length }
}

/** A mark and its end lie at most 2,000 characters apart, which keeps thousands of unclosed marks cheap. */
function findNear(source: string, mark: string, from: number): number {
  const near = source.slice(from, from + 2_000).indexOf(mark)
  return near === -1 ? -1 : from + near
}

/**
 * The address if a customer may be sent there: http, https or mailto, absolute, and without a user name, which only
 * serves to make one site look like another.
 */
export function safeHref(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  const web = url.protocol === 'http:' || url.protocol === 'https:'
  if (!web && url.protocol !== 'mailto:') return undefined
  return url.username || url.password ? undefined : url.href
}
