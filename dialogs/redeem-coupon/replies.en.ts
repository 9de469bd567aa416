import type { RefusalWords } from './refusals'

const refusals: RefusalWords = {
  'insufficient-points': ({ missing }) => `You are ${missing} short of that.`,
  'coupon-sold-out': () => "I'm sorry, that one has just run out.",
  'coupon-member-limit': ({ left }) =>
    left === undefined
      ? 'You have already had as many of these as one member may have.'
      : `One member may have only so many of these; you can still take ${left}.`,
  'coupon-not-started': ({ startsAt }) =>
    startsAt === undefined ? "That one isn't available yet." : `That one starts on ${startsAt}.`,
  'coupon-ended': () => 'That one has ended.',
  'tier-too-low': ({ tier }) =>
    tier === undefined ? 'That one is for members of a higher tier.' : `That one is for ${tier} members and above.`,
  'unknown-coupon': () => "I can't find that coupon. It may have been withdrawn.",
  'unknown-member': () =>
    "I can't find your membership any more, so I can't redeem anything. A person can look into it.",
  'invalid-quantity': () => "That number doesn't work here.",
  'key-reused': () => 'That confirmation was already used for something else, so I have not redeemed anything.',
}

interface Confirmation {
  readonly name: string
  readonly quantity: string
  readonly points: string
  readonly after: string
}

export const en = {
  menuTitle: 'Redeem a coupon',
  listTitle: 'What your points buy',
  intro: ({ points }: { points: string }) => `You have **${points}** to spend. Which coupon would you like?`,
  whichAgain: ({ points }: { points: string }) => `Which coupon would you like? You have **${points}** to spend.`,
  showList: 'Show the coupons',
  line: ({ name, cost, note }: { name: string; cost: string; note?: string }) =>
    `**${name}**: ${cost}${note === undefined ? '' : ` (${note})`}`,
  left: ({ count }: { count: string }) => `${count} left`,
  endsAt: ({ at }: { at: string }) => `until ${at}`,
  closed: 'Not yet:',
  closedLine: ({ name, cost, why }: { name: string; cost: string; why: string }) => `- ${name}: ${cost}. ${why}`,
  choose: 'Choose',
  noneInReach: ({ points }: { points: string }) => `You have **${points}**, which isn't enough for a coupon yet.`,
  noneAtAll: 'There are no coupons to redeem at the moment. Please look in again soon.',
  whichHint: "I couldn't match that to a coupon. Say its number or its name:",
  oneKind: 'One kind at a time, please. Which one first? Say its number or its name:',
  noted: ({ quantity }: { quantity: string }) => `${quantity}, noted.`,
  howMany: ({ name, cost, max }: { name: string; cost: string; max: string }) =>
    `How many of **${name}** would you like, at ${cost} each? You can take up to ${max}.`,
  price: ({ name, cost }: { name: string; cost: string }) => `**${name}** costs **${cost}** each.`,
  pricesBeside: 'What each costs in points stands beside it. Which one would you like?',
  howManyHint: ({ max }: { max: string }) => `Please tell me a whole number from 1 to ${max}.`,
  tooMany: ({ max }: { max: string }) => `That's more than you can take; the most is ${max}.`,
  noneThen: 'None, then. Your points stay where they are.',
  confirm: {
    'left-last': ({ name, quantity, points, after }: Confirmation) =>
      `Redeem **${quantity} × ${name}** for **${points}**? You'd have ${after} left.`,
    'left-first': ({ name, quantity, points, after }: Confirmation) =>
      `You'd still have **${after}** after this. Shall I redeem **${quantity} × ${name}** for ${points}?`,
  },
  confirmHint: 'Shall I redeem it? Please answer yes or no.',
  confirmTitle: 'Please confirm',
  couponTitle: 'Coupon',
  quantityTitle: 'How many',
  costTitle: 'Cost',
  afterTitle: 'Left afterwards',
  yes: 'Yes, redeem',
  no: 'No, leave it',
  declined: 'All right, I have left everything as it was.',
  priceChanged: 'The price has changed since I asked you, so let me ask again.',
  staleConfirm: 'That confirmation is no longer open, and nothing was redeemed with it.',
  staleDecline: "That question is already closed, so there's nothing to leave.",
  alreadyDone: 'That one is already done, and only once. Here is your receipt again.',
  done: ({ name, quantity }: { name: string; quantity: string }) => `Done! Here is **${quantity} × ${name}**.`,
  codes: (codes: readonly string[]) => `${codes.length === 1 ? 'Your code' : 'Your codes'}: ${codes.join(', ')}`,
  validUntil: ({ at }: { at: string }) => `Valid until ${at}.`,
  spent: ({ points, after }: { points: string; after: string }) => `${points} spent, ${after} left.`,
  receiptTitle: 'Your coupon',
  codeTitle: 'Code',
  validTitle: 'Valid until',
  spentTitle: 'Spent',
  myCoupons: 'My coupons',
  balance: 'My points',
  another: 'Redeem another',
  recommend: 'What could I buy?',
  refusals,
}

export type Words = typeof en
