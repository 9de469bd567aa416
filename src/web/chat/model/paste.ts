/** The longest message one can write, and how near its end the counter appears. */
export const textLengthMax = 4_000
export const counterFrom = 500

/** Puts as much of a pasted text in place of the selection as there is room for, and never half a character. */
export function pasteInto(
  text: string,
  { from, to, pasted }: { from: number; to: number; pasted: string },
): { text: string; caret: number } {
  const room = Math.max(0, textLengthMax - (text.length - (to - from)))
  const kept = wholeCharacters(pasted.slice(0, room))
  return { text: text.slice(0, from) + kept + text.slice(to), caret: from + kept.length }
}

function wholeCharacters(text: string): string {
  const last = text.charCodeAt(text.length - 1)
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text
}
