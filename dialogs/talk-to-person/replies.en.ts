export const en = {
  menuTitle: 'Talk to a person',
  recorded:
    "I've put you in the queue for our team. Nobody is in this chat live at the moment: a colleague reads your request and gets back to you here.",
  recordedByMail:
    "I've put you in the queue for our team. Nobody is in this chat live at the moment: a colleague reads your request and gets back to you here or by e-mail.",
  already: 'You are in the queue already; your place is kept, and a colleague will get back to you here.',
  meanwhile: 'Until then I can go on helping, if you like.',
  contact: 'Other ways to reach us',
  help: 'What can you do?',
}

export type Words = typeof en
