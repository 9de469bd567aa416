import { simplified } from './simplified'

const BEFORE = '(?:(?:please|and|can i|could i|can you|could you|i want to|i would like to|id like to|let me) )*'
const SURELY = new RegExp(`^${BEFORE}redeem\\b|^(?:请|帮我|给我|我要|我想|想)*再?兑换?(?!货)`, 'i')
const LIKELY = new RegExp(
  `^${BEFORE}(?:exchange|swap|spend|trade|use)\\b|^(?:请|帮我|给我|我要|我想|想)*再?(?:用积分)?换(?!货|地址|密码|账号|语言|个?号|成?[中英]文)`,
  'i',
)

/** What is said of goods that are to be exchanged for others. */
const GOODS =
  /\b(?:broken?|chipped|cracked|damaged|dented|faulty|leak(?:s|ing|ed)?|torn|wrong|sizes?|colou?rs?|smaller|bigger|larger)\b|[裂坏碎]|[漏破][了损]|(?<!不)错|尺[码寸]|[大小][一点号]|颜色|瑕疵|次品/i

/**
 * Whether a text begins like a wish to redeem something: surely ("redeem the candle"), or likely ("swap my points …", 换咖啡),
 * which may also be about goods that are given back.
 */
export function redeems(said: string): 'surely' | 'likely' | undefined {
  const text = simplified(said).replace(/['’]/g, '').trimStart()
  if (SURELY.test(text)) return 'surely'
  return LIKELY.test(text) && !GOODS.test(text) ? 'likely' : undefined
}
