/** The value of a cookie in the header of a request; undefined where it is not there. Of several the first counts. */
export function cookieIn(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}

export interface CookieOptions {
  readonly path: string
  /**
   * Strict: sent with requests of our own pages only. Lax: also when another site's page leads here. Partitioned: also in a
   * frame of another site, and then one of that site's frames alone (CHIPS); needs `secure`.
   */
  readonly sameSite: 'Strict' | 'Lax' | 'Partitioned'
  /** Over https only. */
  readonly secure: boolean
  /** 0: the browser is to forget it. */
  readonly maxAgeSeconds: number
}

/** A `set-cookie` header. No script of a page can read the cookie. The value is of base64url's characters. */
export function setCookie(
  name: string,
  value: string,
  { path, sameSite, secure, maxAgeSeconds }: CookieOptions,
): string {
  if (!/^[\w-]*$/.test(value)) throw new Error(`the value of the cookie ${name} has characters that need quoting`)
  const site = sameSite === 'Partitioned' ? 'SameSite=None; Partitioned' : `SameSite=${sameSite}`
  const flags = `Path=${path}; Max-Age=${maxAgeSeconds}; HttpOnly; ${site}`
  return `${name}=${value}; ${flags}${secure ? '; Secure' : ''}`
}
