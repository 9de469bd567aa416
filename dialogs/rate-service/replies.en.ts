export const en = {
  ask: ({ name }: { name: string }) =>
    name === ''
      ? 'This conversation with our team is closed. How content are you, from 1 (not at all) to 5 (very)?'
      : `${name} has closed the conversation. How content are you, from 1 (not at all) to 5 (very)?`,
  remind: 'How content were you with our team, from 1 (not at all) to 5 (very)?',
  skip: 'Skip',
  notAScore: 'A number from 1 to 5, please, or **skip**.',
  askWord: 'Thank you. Would you like to add a word?',
  askWordLow: "I'm sorry to hear that. What went wrong? A word helps us to do better.",
  thanks: "Thank you, I've passed it on. I'm here if you need anything else.",
  thanksLow: "Thank you, I've passed it on. Shall a person look into it again?",
  skipped: "All right. I'm here if you need anything else.",
  nothing: 'There is nothing to rate just now.',
  person: 'Talk to a person',
  help: 'What can you do?',
}

export type Words = typeof en
