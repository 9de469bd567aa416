const TEXT_CHARACTERS_MAX = 1_000

// C0 and C1 controls except tab and newline, and what hides or reorders text: zero-width and bidirectional marks, BOM, soft hyphen, tags.
// The zero-width joiner stays between emoji, where it makes one picture of several.
const CONTROLS =
  /(?![\t\n])\p{Cc}|[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu
const LONE_SURROGATES = /\p{Cs}/gu

/**
 * The text as the conversations see it: control and invisible characters gone, full-width letters and digits folded to plain ones,
 * outer space trimmed, at most 1,000 characters.
 */
export function cleanText(text: string): string {
  // Cut before the costly steps; folding may lengthen what is left, so it is cut again.
  const cut = text.slice(0, 4 * TEXT_CHARACTERS_MAX).replace(/\r\n?/g, '\n')
  const folded = cut.replace(CONTROLS, '').replace(LONE_SURROGATES, '').replace(FULL_WIDTH, foldWidth).trim()
  return folded.length > TEXT_CHARACTERS_MAX ? Array.from(folded).slice(0, TEXT_CHARACTERS_MAX).join('') : folded
}

/**
 * The text as people of the merchant's read it: nothing that controls, hides or reorders, and otherwise as it was typed, at
 * its whole length.
 */
export function readableText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(CONTROLS, '').replace(LONE_SURROGATES, '').trim()
}

// Not NFKC as a whole: that would also turn ½ into 1⁄2 and ② into 2, and break up Hangul and Arabic forms.
const FULL_WIDTH = /[\uff01-\uff5e\u3000]/g

function foldWidth(character: string): string {
  return character === '\u3000' ? ' ' : String.fromCharCode(character.charCodeAt(0) - 0xfee0)
}
