export const en = {
  menuTitle: 'My points',
  balance: ({ points }: { points: string }) => `You have **${points}** to spend.`,
  nothing:
    "You have no points to spend yet. They come with your next order, and I'll gladly tell you what to use them for.",
  nothingNow: 'You have no points to spend at the moment.',
  pending: ({ points }: { points: string }) => `On their way: ${points}.`,
  pendingAll: ({ points, at }: { points: string; at: string }) => `On their way: ${points}, from ${at}.`,
  pendingFirst: ({ points, first, at }: { points: string; first: string; at: string }) =>
    `On their way: ${points}, the first ${first} from ${at}.`,
  held: ({ points }: { points: string }) => `Set aside for something under way: ${points}.`,
  owed: ({ points }: { points: string }) =>
    `After a return, ${points} that you had already spent are made up from the next ones you earn.`,
  expiry: ({ points, at }: { points: string; at: string }) => `Next to expire: ${points}, on ${at}.`,
  cardTitle: 'Your points',
  available: 'To spend',
  pendingTitle: 'On their way',
  heldTitle: 'Set aside',
  owedTitle: 'To be made up',
  expiryTitle: 'Next to expire',
  expiryFact: ({ points, at }: { points: string; at: string }) => `${points}, ${at}`,
  redeem: 'Redeem a coupon',
  history: 'Points history',
  tier: 'My tier',
}

export type Words = typeof en
