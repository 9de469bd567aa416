/**
 * JSON that PostgreSQL's jsonb takes: it knows neither NUL nor half a surrogate pair, and people and channels can send
 * both. They are left out, or become U+FFFD.
 */
export function storableJson(value: object): string {
  const text = JSON.stringify(value)
  // JSON.stringify writes exactly those as escapes. Rare, so the costly way is taken only then.
  return /\\u(?:0000|d[89a-f])/.test(text) ? JSON.stringify(cleaned(value)) : text
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return cleanedText(value)
  if (Array.isArray(value)) return value.map(cleaned)
  if (typeof value !== 'object' || value === null) return value
  if ('toJSON' in value && typeof value.toJSON === 'function') return cleaned(value.toJSON())
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanedText(key), cleaned(inner)]))
}

const LONE_SURROGATES = /\p{Cs}/gu

function cleanedText(text: string): string {
  return text.replaceAll('\u0000', '').replace(LONE_SURROGATES, '\ufffd')
}
