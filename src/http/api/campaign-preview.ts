/**
 * Whom a campaign could write to at this moment, besides those in it already, whom it is for but cannot, and its messages: an
 * Adaptive Card an arm and language.
 */
export interface CampaignPreview {
  readonly audience: number
  /** For whom it is meant too, but who agreed to no message in a chat we know, had one lately, or are held out. */
  readonly outOfReach: number
  readonly cards: readonly { readonly arm: string; readonly locale: 'en' | 'zh'; readonly content: object }[]
}
