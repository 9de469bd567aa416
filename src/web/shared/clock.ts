/** The browser's clock, in milliseconds. The pages read it only here. */
export const nowMs = (): number => Date.now()
