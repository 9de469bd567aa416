export const en = {
  nothing: "There's nothing open to cancel. What can I do for you?",
  nothingOrder: "There's nothing open to cancel here. Do you mean an order?",
  order: 'Cancel an order',
  orderAliases: ['yes', 'yes please', 'my order', 'the order', 'an order'],
  help: 'What can you do?',
}

export type Words = typeof en
