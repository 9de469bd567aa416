/** A message's words, above and below its card. */
export interface AroundCard {
  readonly lead: string
  readonly rest: string
}

/**
 * Parts a text that comes with a card. Such a text says everything, for channels without cards, so shown whole it would
 * say most things twice. Its first paragraph stands above the card; of the others those stay, below it, whose facts
 * (figures and what is printed bold) the card does not have.
 */
export function textAroundCard(text: string, card: unknown): AroundCard {
  const [lead = '', ...parts] = partsOf(text)
  const told = normal(stringsOf(card).join(' '))
  const kept: string[] = []
  parts.forEach((part, index) => {
    const next = parts[index + 1]
    // "Not yet:" goes with the list it announces.
    const decisive = /[:：]$/.test(part) && next !== undefined ? next : part
    if (!isTold(decisive, told)) kept.push(part)
  })
  return { lead, rest: kept.join('\n\n') }
}

/** Paragraphs and lists. A list begins a part of its own even without a blank line before it. */
function partsOf(text: string): string[] {
  return text
    .trim()
    .split(/\n\s*\n/)
    .flatMap(leadAndList)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function leadAndList(paragraph: string): string[] {
  const lines = paragraph.split('\n')
  const listAt = lines.findIndex((line) => /^\s{0,3}(?:[-*•]|\d{1,4}[.)]) /.test(line))
  return listAt > 0 ? [lines.slice(0, listAt).join('\n'), lines.slice(listAt).join('\n')] : [paragraph]
}

function isTold(part: string, told: string): boolean {
  const facts = factsOf(part)
  return facts.length > 0 && facts.every((fact) => told.includes(fact))
}

function factsOf(part: string): string[] {
  const withoutMarkers = part.replace(/^\s*(?:[-*•]|\d{1,4}[.)]) /gm, '')
  const bold = [...withoutMarkers.matchAll(/\*\*(.+?)\*\*/g)].map(([, inside]) => inside ?? '')
  const figures = withoutMarkers.match(/\d[\d,.:/-]*\d|\d/g) ?? []
  return [...bold, ...figures].map(normal).filter((fact) => fact !== '')
}

function normal(text: string): string {
  return text
    .replace(/[*_`\\]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(stringsOf)
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : []
}
