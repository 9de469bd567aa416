export const en = {
  greeting: ({ name }: { name?: string }) =>
    name === undefined ? 'Hello! What can I do for you?' : `Hello ${name}! What can I do for you?`,
  thanks: "You're welcome! Is there anything else?",
  goodbye: 'Goodbye, and have a lovely day!',
  whoAreYou: ({ merchant }: { merchant: string }) =>
    `I'm the digital assistant of ${merchant}: a program, not a person. I look after points, coupons and orders, answer questions about the shop, and pass you on to a colleague when I can't help.`,
  points: 'My points',
  redeem: 'Redeem a coupon',
  orders: 'My orders',
  recommend: 'What should I buy?',
  link: 'Link my account',
  help: 'What can you do?',
  person: 'Talk to a person',
}

export type Words = typeof en
