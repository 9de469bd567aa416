export const en = {
  welcome: ({ merchant, name }: { merchant: string; name?: string }) =>
    name === undefined
      ? `Hello, and welcome to ${merchant}! I can answer questions about orders, delivery and returns. Once we know each other, I can also look after your points and coupons.`
      : `Hello ${name}, and welcome back to ${merchant}! I can look up your points, redeem coupons, find your orders and suggest what to buy again.`,
  welcomeGroup: ({ merchant }: { merchant: string }) =>
    `Hello! I'm the assistant of ${merchant}. Here I answer general questions; for points, coupons and orders, please write to me in a private chat.`,
  back: 'Now, back to where we were.',
  cancelled: 'All right, cancelled. Nothing has changed.',
  restarted: 'I have been updated since I asked you that, so let me ask again from the start.',
  dropped: "What we were talking about isn't available any more, so I've closed it.",
  needsLink: "That's personal, so first I need to know who you are.",
  privateOnly:
    "That's personal, and others can read along here. Please write to me in a private chat and I'll gladly help.",
  buttonGone: "That button doesn't work any more. What would you like to do?",
  empty: 'I only got an empty message. Type a question, or choose one of these:',
  emoji: "Thank you! 🙂 If there's something I can do for you, just tell me, or choose one of these:",
  unhappy: "I'm sorry you're not happy. Tell me what went wrong, or let me pass you on to a person.",
  otherLanguage: "I only speak English and Chinese, I'm afraid. 我会说英文和中文。",
  tooLong: "That's rather long for me, sorry. Could you put it into one or two sentences?",
  rephrase: "Sorry, I didn't get that. Could you say it in other words?",
  guess: "I'm not sure I got that. Is it one of these? If not, please say it in other words.",
  guessOne: ({ guess }: { guess: string }) =>
    `I'm not sure I got that. Do you mean “${guess}”? If not, please say it in other words.`,
  noneOfThese: 'Something else',
  choose: "I'm afraid I still don't understand. Is it one of these?",
  chooseOpen:
    "I'm afraid I still don't understand. Please answer my question, say **cancel** to leave it, or choose something else.",
  person: "I'm sorry, I'm not getting any further here. Shall I pass you on to a person?",
  talkToPerson: 'Talk to a person',
  yes: ['yes', 'yes please', 'ok', 'okay', 'sure', 'please', 'please do'],
  no: ['no', 'no thanks', 'no thank you', 'nope'],
  help: 'What can you do?',
  cancel: 'Cancel',
}

export type EngineWords = typeof en
