/**
 * The words shown for a message. Its text says everything, for channels without cards; above a card that says it again,
 * only its first paragraph is shown.
 */
export function shownText(text: string, withCard: boolean): string {
  if (!withCard) return text
  const lead = text.trim().split(/\n\s*\n|\n(?=\s*(?:[-*•]|\d+[.)]) )/)[0] ?? ''
  return lead.trim()
}
