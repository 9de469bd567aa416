export const en = {
  menuTitle: 'Orders, delivery, returns',
  topics: 'I can answer questions about these topics, among others:',
  person: 'Talk to a person',
  notIt: 'Not what I meant',
}

export type Words = typeof en
