import type { MessageKind } from '../../src/core/retention/consent'

const names: Readonly<Record<MessageKind, string>> = { offers: 'offers', reminders: 'reminders' }
const both = (kinds: readonly MessageKind[]) => kinds.map((kind) => names[kind]).join(' and ')

export const en = {
  menuTitle: 'Messages from us',
  off: (kinds: readonly MessageKind[]) =>
    `Done: I won't send you ${both(kinds)} here any more. What you ask me I go on answering.`,
  on: (kinds: readonly MessageKind[]) =>
    `Done: I may send you ${both(kinds)} here now and then. Say “stop sending me messages” to end it at any time.`,
  none: 'I only write when you write to me. If you like, I can send you offers or reminders here now and then.',
  standing: (kinds: readonly MessageKind[]) => `I may send you ${both(kinds)} here now and then.`,
  wantOffers: 'Send me offers',
  wantReminders: 'Send me reminders',
  turnOn: 'Turn them on again',
  turnOff: 'Turn them off',
  allow: 'Allow it again',
  forbid: 'Turn it off',
  plain:
    'Done: what I send or suggest no longer depends on what you bought or how often. Your points and prices stay as they are.',
  personal:
    'Done: what I send or suggest may depend on what you bought. Say “stop personalising” to end it at any time.',
  whyFirst: (shop: string, channel: string) =>
    `You get this because you agreed to messages from ${shop} ${channel}. “Stop these messages” ends it at once.`,
  here: 'in this chat',
  stop: 'Stop these messages',
  given: (points: string) => `${points} are in your account already.`,
  givenCoupon: (code: string, lastDay: string) => `Your coupon: ${code}, good until ${lastDay}.`,
}

export type Words = typeof en
