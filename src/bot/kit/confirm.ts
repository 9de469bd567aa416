import { fold } from './choose'

const YES = new Set([
  ...['yes', 'y', 'yeah', 'yep', 'yup', 'sure', 'ok', 'okay', 'k', 'confirm', 'confirmed', 'i confirm', 'yes confirm'],
  ...['do it', 'yes do it', 'lets do it', 'go ahead', 'go for it', 'please do', 'of course', 'correct', 'right'],
  ...['thats right', 'sounds good', 'fine', 'absolutely', 'definitely', 'agreed', 'yes i do', 'sure thing', 'perfect'],
  ...[
    '是',
    '是的',
    '是啊',
    '好',
    '好的',
    '好啊',
    '好呀',
    '好吧',
    '好滴',
    '行',
    '行啊',
    '可以',
    '可以的',
    '对',
    '对的',
    '对啊',
  ],
  ...[
    '没错',
    '确认',
    '确定',
    '确认兑换',
    '嗯',
    '嗯嗯',
    '恩',
    '要',
    '要的',
    '同意',
    '没问题',
    '当然',
    '兑换',
    '换',
    'ok的',
    '成',
  ],
  // Cantonese, in simplified characters as all that is compared.
  ...['系', '系呀', '系啊', '好呀', '得', '冇问题', '要呀'],
])
const NO = new Set([
  ...['no', 'n', 'nope', 'nah', 'dont', 'do not', 'no dont', 'i dont', 'no i dont', 'not now', 'rather not'],
  ...['better not', 'never', 'stop', 'negative', 'no way', 'not really'],
  ...[
    '否',
    '不',
    '不是',
    '不要',
    '不用',
    '不用了',
    '不了',
    '算了',
    '不行',
    '不对',
    '先不',
    '先不用',
    '暂时不',
    '暂时不用',
  ],
  ...['别', '不换了', '不换', '不兑换', '不兑换了', '不想', '取消', '不需要', '还是算了', '不好', '没有'],
  ...['唔系', '唔要', '唔要啦', '唔好', '唔好啦', '唔使', '唔使啦', '唔换', '唔换啦', '唔得'],
])
const POLITE = /\b(please|thanks|thank you|pls|then)\b|谢谢|请|哦|啦|哈|呢|吧$|了$/g

/** What a text answers to a question of yes or no, in either language; undefined when it is neither. */
export function yesOrNo(said: string): 'yes' | 'no' | undefined {
  if (/^[\s]*(👍|👌|✅|🆗)/u.test(said)) return 'yes'
  if (/^[\s]*(👎|❌|🚫)/u.test(said)) return 'no'
  const text = fold(said)
  for (const candidate of [text, fold(text.replace(POLITE, ' ')), squeeze(text)]) {
    if (candidate === '') continue
    if (NO.has(candidate)) return 'no'
    if (YES.has(candidate)) return 'yes'
  }
  return undefined
}

/** "yesss" and "okkk" as "yes" and "ok". */
function squeeze(text: string): string {
  return text.replace(/(\p{L})\1{2,}/gu, '$1')
}
