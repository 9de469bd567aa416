export const en = {
  confirm:
    'Shall I unlink this chat from your membership? Your points and coupons stay as they are, but I will no longer know you here.',
  privateOnly: 'Please write to me in a private chat for that.',
  notLinked: "This chat isn't linked to a membership, so there's nothing to undo.",
  hint: 'Please answer yes or no.',
  yes: 'Yes, unlink',
  no: 'No, stay linked',
  done: 'Done, this chat is no longer linked to your membership. You can link it again whenever you like.',
  openedForYou:
    "Done for this moment. This chat was opened in your name, though, so I'll know you again with your next message.",
  kept: 'All right, you stay linked.',
  link: 'Link my account',
}

export type Words = typeof en
