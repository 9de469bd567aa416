/** What names a message: of a campaign, a member has one at the most. */
export interface MessageKey {
  readonly campaignId: number
  readonly memberId: string
}

/** The same in one word, for sets. */
export function wordOf({ campaignId, memberId }: MessageKey): string {
  return `${campaignId} ${memberId}`
}

/** The keys of messages as two columns, for `unnest`. */
export function keysOf(messages: readonly MessageKey[]): [campaignIds: number[], memberIds: string[]] {
  return [messages.map(({ campaignId }) => campaignId), messages.map(({ memberId }) => memberId)]
}
