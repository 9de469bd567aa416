import type { Words } from './replies.en'

export const zh: Words = {
  confirm: '要解除这个聊天与会员账户的关联吗？您的积分和优惠券都会保留，只是在这里我就不知道您是谁了。',
  privateOnly: '这件事请私聊我办理。',
  notLinked: '这个聊天没有关联会员账户，无需解除。',
  hint: '请回复“是”或“否”。',
  yes: '确认解除',
  no: '保持关联',
  done: '已解除，这个聊天不再关联您的会员账户。您随时可以重新关联。',
  openedForYou: '暂时解除了。不过这个聊天是以您的名义打开的，您再发消息时我还会认出您。',
  kept: '好的，保持关联。',
  link: '关联会员账户',
}
