import type { Turn } from '../contract'
import { fold } from '../kit/choose'

/** What can be said in any step, whatever is being asked. */
export const UNIVERSAL = {
  cancel: 'cancel',
  help: 'help',
  changeLanguage: 'change-language',
  talkToPerson: 'talk-to-person',
  messagesOff: 'messages-off',
} as const

// These must work even where the recogniser is unsure, and in the middle of a question that takes free text.
const exact: Readonly<Record<string, readonly string[]>> = {
  cancel: [
    ...['cancel', 'cancel that', 'cancel it', 'please cancel', 'cancel please', 'never mind', 'nevermind', 'forget it'],
    ...['forget about it', 'stop', 'quit', 'exit', 'abort', 'start over', 'leave it'],
    ...[
      '取消',
      '取消吧',
      '算',
      '算了',
      '算了吧',
      '不弄了',
      '退出',
      '停止',
      '停',
      '放弃',
      '返回',
      '重新开始',
      '还是算了',
    ],
  ],
  help: [
    ...['help', 'help me', 'menu', 'main menu', 'options', 'what can you do', 'commands', 'home'],
    ...['帮助', '菜单', '主菜单', '帮帮我', '你能做什么', '你会什么', '有什么功能', '功能'],
  ],
  'change-language': [
    ...['english', 'in english', 'speak english', 'english please', 'in english please', 'chinese', 'in chinese'],
    ...['chinese please', 'change language', 'switch language', 'language', 'speak chinese', 'switch to english'],
    ...[
      'switch to chinese',
      '中文',
      '英文',
      '英语',
      '汉语',
      '普通话',
      '说中文',
      '讲中文',
      '用中文',
      '换中文',
      '切换语言',
    ],
    ...['换语言', '语言', '说英文', '说英语', '换英文', '用英文', '切换到中文', '切换到英文', '请说中文', '请说英文'],
  ],
  'messages-off': [
    ...['unsubscribe', 'unsubscribe me', 'opt out', 'stop messages', 'stop these messages', 'stop sending me messages'],
    ...[
      'stop all',
      'stop all messages',
      'no marketing',
      'i do not want to receive marketing',
      "i don't want to receive marketing",
    ],
    ...['never contact me again', 'do not contact me', "don't contact me", "don't contact me again"],
    ...['remove me from the list', 'remove me from your list', 'take me off the list', 'take me off your list'],
    ...[
      '退订',
      '取消订阅',
      '我要退订',
      '拒收',
      '不要再发了',
      '别再发了',
      '不再接收',
      'td',
      '回复td',
      '回td',
      '回t退订',
      '退订回t',
    ],
  ],
  'talk-to-person': [
    ...['agent', 'human', 'person', 'a person', 'a human', 'talk to a person', 'talk to a human', 'speak to a person'],
    ...['speak to a human', 'talk to an agent', 'speak to an agent', 'customer service', 'operator', 'representative'],
    ...[
      'real person',
      'human please',
      'agent please',
      'live agent',
      '人工',
      '人工客服',
      '转人工',
      '转人工客服',
      '客服',
    ],
    ...['找人工', '真人', '真人客服', '转客服', '找客服', '我要人工'],
  ],
}

const byPhrase = new Map(
  Object.entries(exact).flatMap(([intent, list]) => list.map((phrase) => [fold(phrase), intent])),
)

/**
 * The universal intent of a text that is nothing but one of these words, or undefined. Longer wishes of the kind are the
 * recogniser's to find, and come after the open question: "rather not" may answer it.
 */
export function universalIntent({ said }: Turn): string | undefined {
  const text = fold(said)
  const plain = text.replace(POLITE, '')
  return byPhrase.get(text) ?? byPhrase.get(plain) ?? byPhrase.get(plain.replace(PARTICLES, ''))
}

/** "Please remove me from your list" asks for no less than without the word. */
const POLITE = /^(?:please|pls) | (?:please|pls)$|^请/g

/** 算啦 and 取消吧 say what 算了 and 取消 do. */
const PARTICLES = /(?<=\p{Script=Han}.*)[啦喇吧咯了哈呀啊]+$/u
