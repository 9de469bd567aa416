export const en = {
  menuTitle: 'Link my account',
  already: ({ name }: { name?: string }) =>
    name === undefined
      ? 'This chat is already linked to your membership.'
      : `This chat is already linked to your membership, ${name}.`,
  privateOnly: "Others can read along here. Please write to me in a private chat, and we'll link your account there.",
  askEmail: "Which e-mail address is on file for your membership? I'll send a one-time code there.",
  emailHint:
    "That doesn't look like an e-mail address; it should be something like name@example.com. Not a member yet? Say “sign up”.",
  notNow: 'All right. Points, coupons and orders need to know who you are; anything else you can ask me as you are.',
  notMember: "That's easily done: an account is free and earns points from the first order.",
  signUp: 'Sign up',
  sent: 'If that address is on file, a 6-digit code is on its way to it. It is good for 10 minutes.',
  askCode: 'Please type the 6-digit code here.',
  codeHint:
    'The code is the 6-digit number in the e-mail. If nothing arrived, look in the spam folder, or use another address.',
  tooManyRequests: 'Too many codes were asked for from this chat. Please try again in an hour.',
  wrong: ({ triesLeft }: { triesLeft: number }) =>
    `That isn't the right code. ${triesLeft === 1 ? 'One try is' : `${triesLeft} tries are`} left.`,
  expired: "That code has expired, so let's start over.",
  noCode: "There is no code open for this chat, so let's start over.",
  tooManyTries:
    "That was one wrong code too many, so I've closed this. You can ask for a new code, or talk to a person.",
  linked: ({ name }: { name?: string }) =>
    name === undefined
      ? 'Thank you, we know each other now: this chat is linked to your membership.'
      : `Thank you, ${name}, we know each other now: this chat is linked to your membership.`,
  resend: 'New code',
  resendAliases: ['resend', 'send again', 'send a new code', 'other address', 'another address', 'nothing arrived'],
  cancel: 'Cancel',
  unlink: 'Unlink',
  person: 'Talk to a person',
  retry: 'Try again',
  points: 'My points',
  redeem: 'Redeem a coupon',
}

export type Words = typeof en
