/** What a shop's page can do with the chat. */
export interface RegularsApi {
  open(): void
  close(): void
  /** Opens the chat and says something for the customer, such as a question about the product on the page. */
  ask(text: string): void
  /**
   * Says who the customer is now, by a token that the shop signs; without one, nobody known. Another person's token
   * begins another conversation. `regulars:token-needed` on the window says that the last one was not taken.
   */
  setToken(token?: string): void
  /** `en` or `zh`, or a tag that begins so. */
  setLocale(locale: string): void
}

declare global {
  interface Window {
    Regulars?: RegularsApi
  }
}
