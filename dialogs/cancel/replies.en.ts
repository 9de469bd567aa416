export const en = {
  nothing: "There's nothing open to cancel. What can I do for you?",
  order: 'Cancel an order',
  help: 'What can you do?',
}

export type Words = typeof en
