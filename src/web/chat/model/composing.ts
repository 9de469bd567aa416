/**
 * Whether a key belongs to an input method, as when Enter takes a Chinese word. Safari says so only by the key code 229,
 * because it ends the composition before it tells of the key.
 */
export function isComposing(event: { readonly isComposing: boolean; readonly keyCode: number }): boolean {
  return event.isComposing || event.keyCode === 229
}
