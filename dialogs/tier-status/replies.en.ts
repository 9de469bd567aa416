export const en = {
  menuTitle: 'My tier',
  tier: ({ tier }: { tier: string }) => `Your tier is **${tier}**.`,
  next: ({ missing, next }: { missing: string; next: string }) => `Another ${missing} takes you to **${next}**.`,
  nextReview: ({ next }: { next: string }) =>
    `You have reached what **${next}** asks for; it arrives with the next review.`,
  top: 'That is our highest tier. Thank you for being with us!',
  spent: ({ spent, from, to }: { spent: string; from: string; to: string }) =>
    `What counts is what you spent from ${from} to ${to}, returns taken off: ${spent}.`,
  unknown: "I can't find your membership just now. A person can look into it.",
  cardTitle: 'Your tier',
  spentTitle: 'Spent in 12 months',
  nextTitle: 'Next tier',
  missingTitle: 'Still missing',
  points: 'My points',
  redeem: 'Redeem a coupon',
  person: 'Talk to a person',
}

export type Words = typeof en
