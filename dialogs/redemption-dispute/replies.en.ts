export const en = {
  sorry:
    "I'm sorry about that. Every point and every coupon is on record, so a colleague can see what happened and put it right.",
  person: 'Let a person look into it',
  personAliases: ['yes', 'yes please', 'ok', 'okay', 'sure', 'please do'],
  history: 'Points history',
  coupons: 'My coupons',
}

export type Words = typeof en
