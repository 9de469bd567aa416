export const en = {
  confirm:
    'Shall I unlink this chat from your membership? Your points and coupons stay as they are, but I will no longer know you here.',
  hint: 'Please answer yes or no.',
  yes: 'Yes, unlink',
  no: 'No, stay linked',
  done: 'Done, this chat is no longer linked to your membership. You can link it again whenever you like.',
  byShop:
    "Done for now. You signed in on the shop's own page, so you'll be known again when you open the chat from there.",
  kept: 'All right, you stay linked.',
  link: 'Link my account',
}

export type Words = typeof en
