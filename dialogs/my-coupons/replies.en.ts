export const en = {
  menuTitle: 'My coupons',
  intro: 'Your coupons:',
  none: "You don't have any coupons yet. Shall we see what your points buy?",
  line: ({ name, code, status }: { name: string; code: string; status: string }) => `**${name}** · ${code} · ${status}`,
  statuses: {
    issued: ({ at }: { at: string }) => `valid until ${at}`,
    used: ({ at }: { at: string }) => `used on ${at}`,
    expired: ({ at }: { at: string }) => `expired on ${at}`,
    void: () => 'cancelled',
  },
  check: {
    issued: ({ name, code, at }: { name: string; code: string; at: string }) =>
      `**${code}** is good: ${name}, valid until ${at}. Enter the code at the checkout.`,
    used: ({ name, code, at }: { name: string; code: string; at: string }) =>
      `**${code}** (${name}) was already used, on ${at}.`,
    expired: ({ name, code, at }: { name: string; code: string; at: string }) =>
      `**${code}** (${name}) expired on ${at}.`,
    void: ({ name, code }: { name: string; code: string }) =>
      `**${code}** (${name}) was cancelled, and its points were given back.`,
    unknown: ({ code }: { code: string }) => `I can't find the code **${code}** among your coupons.`,
    misspelt: ({ code }: { code: string }) =>
      `**${code}** can't be right; there must be a slip in it. Please compare it letter by letter.`,
  },
  askCode: 'Which code shall I check? You can copy it in here.',
  codeHint: "I don't see a coupon code in that. It looks like ABCD-EFGH-JKMN-PQRS.",
  older: ({ count }: { count: string }) => `And ${count} older ones.`,
  cardTitle: 'Your coupons',
  checkButton: 'Check',
  checkCode: 'Check a code',
  mine: 'My coupons',
  redeem: 'Redeem a coupon',
  cancel: 'Cancel',
  person: 'Talk to a person',
}

export type Words = typeof en
