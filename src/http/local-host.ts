/**
 * Whether a caller reached us under a name of this machine. The demo answers to no other: a foreign name that was made to
 * point at this machine would let a page of its owner act here.
 */
export function isLocalHost(baseUrl: string): boolean {
  return URL.canParse(baseUrl) && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(baseUrl).hostname)
}
