export const en = {
  intro: 'Here is what I can do for you. Say a number, a name, or simply ask in your own words:',
  always:
    'At any time: **cancel** leaves a question, **talk to a person** brings you to our team, **中文** switches to Chinese.',
}

export type Words = typeof en
