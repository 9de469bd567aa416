export const en = {
  menuTitle: 'Orders, delivery, returns',
  topics: 'I can answer questions about these topics, among others:',
  person: 'Talk to a person',
  notIt: 'Not what I meant',
  closing: {
    none: '',
    'ask-on': '\n\nIf that leaves something open, ask me again in other words: I may know more about it.',
  },
}

export type Words = typeof en
