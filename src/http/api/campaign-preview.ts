/** Whom a campaign is for at this moment, besides those in it already, and its messages: an Adaptive Card an arm and language. */
export interface CampaignPreview {
  readonly audience: number
  readonly cards: readonly { readonly arm: string; readonly locale: 'en' | 'zh'; readonly content: object }[]
}
