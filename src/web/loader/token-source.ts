/** Tokens asked for in a row without one being taken, before the customer stays a guest. */
const asksMax = 3

/** Where the shop's page gets tokens from: an address of the shop's own, asked when the chat opens. */
export interface TokenSource {
  /** A fresh token; undefined where nobody is signed in, the shop does not answer, or none was good. */
  fetchToken(): Promise<string | undefined>
}

/**
 * Tokens live for minutes and pages for hours, so a page may name an address instead of a token. It answers with the
 * token as text, or with nothing for a visitor who is not signed in.
 */
export function tokenSourceAt(address: string): TokenSource {
  let asks = 0
  return {
    async fetchToken() {
      if (asks >= asksMax) return undefined
      asks += 1
      try {
        const response = await fetch(address, { credentials: 'same-origin', cache: 'no-store' })
        const text = response.ok ? (await response.text()).trim() : ''
        return text === '' ? undefined : text
      } catch (error) {
        console.warn('the shop gave no token for its chat', error)
        return undefined
      }
    },
  }
}
