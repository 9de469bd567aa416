export const en = {
  menuTitle: 'Talk to a person',
  place: ({ place }: { place: number }) =>
    place === 1
      ? "I've asked our team to join: you're next in line."
      : `I've asked our team to join: you're number ${place} in line.`,
  placeStill: ({ place }: { place: number }) =>
    place === 1 ? "You're next in line." : `You're number ${place} in line now.`,
  waitUnknown: "I can't tell yet how long it will take.",
  waitSoon: 'Somebody should be with you in a minute or so.',
  waitMinutes: ({ minutes }: { minutes: number }) => `It should take about ${minutes} minutes.`,
  closed: ({ opens }: { opens: string }) => `Nobody of our team is here right now; they are back on ${opens}.`,
  closedForNow: 'Nobody of our team is here right now.',
  goesToThem: 'What you write from now on is for them, and I keep quiet.',
  already: 'You are in line already, and your place is kept.',
  toBot: 'Back to the bot',
  toBotAliases: ['bot', 'assistant', 'back', 'back to bot', 'go back'],
  leave: 'Leave it as a message',
  leaveAliases: ['leave a message', 'leave message', 'message'],
  back: "All right, you're back with me, the assistant. What can I do for you?",
  backBriefly: "All right, you're back with me, the assistant.",
  left: "I've kept it for our team as a message: a colleague answers you here. Until then I'm here for everything else.",
  askMessage: 'What is it about? Write it in one message, and I pass it on.',
  nothingMore: 'Nothing more',
  nothingLeft: "There is no request of yours open just now. I'm here if you need anything.",
  joined: ({ name }: { name: string }) => `${name} has joined and reads along from here.`,
  handedOn: ({ name }: { name: string }) => `${name} takes over from here.`,
  handedToTeam: 'I pass you on to colleagues who know more about this. One of them joins as soon as possible.',
  silent:
    "I'm sorry for the silence. You're at the front of the line again, and the next colleague who is free takes over.",
  returned: "You're back with me, the assistant. Is there anything else?",
  help: 'What can you do?',
}

export type Words = typeof en
