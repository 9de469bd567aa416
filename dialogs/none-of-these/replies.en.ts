export const en = {
  sorry:
    'Sorry about that. Tell me in your own words what you need, as you would tell a friend, or let me pass you on to a person.',
  person: 'Talk to a person',
  help: 'What can you do?',
}

export type Words = typeof en
