import { chance, pick, type Random } from '../../ml/random'
import type { Locale } from '../locale'

export interface Person {
  readonly displayName: string
  readonly locale: Locale
  readonly timeZone: string
  /** The part of the e-mail address before the @. */
  readonly mailbox: string
}

const CHINESE_SHARE = 0.35
/** Of those with a Chinese name, how many write in English. */
const ENGLISH_SPEAKING_SHARE = 0.25

/** A person of invented name. `index` keeps mailboxes apart. */
export function personOf(random: Random, index: number): Person {
  return chance(random, CHINESE_SHARE) ? chinesePerson(random, index) : englishPerson(random, index)
}

function englishPerson(random: Random, index: number): Person {
  const [first, last] = [pick(random, firstNames), pick(random, lastNames)]
  const mailbox = `${first}.${last}.${index}`.toLowerCase()
  return { displayName: `${first} ${last}`, locale: 'en', timeZone: pick(random, britishZones), mailbox }
}

function chinesePerson(random: Random, index: number): Person {
  const [surname, surnamePinyin] = pick(random, surnames)
  const [given, givenPinyin] = pick(random, givenNames)
  const mailbox = `${givenPinyin}.${surnamePinyin}.${index}`.toLowerCase()
  const timeZone = pick(random, asianZones)
  if (chance(random, ENGLISH_SPEAKING_SHARE)) {
    return { displayName: `${givenPinyin} ${surnamePinyin}`, locale: 'en', timeZone, mailbox }
  }
  return { displayName: `${surname}${given}`, locale: 'zh', timeZone, mailbox }
}

// Repeated entries are likelier.
const britishZones = ['Europe/London', 'Europe/London', 'Europe/London', 'Europe/London', 'Europe/Dublin']
const asianZones = ['Europe/London', 'Europe/London', 'Asia/Shanghai', 'Asia/Hong_Kong', 'Asia/Singapore']

const firstNames = (
  'Olivia Amelia Isla Ava Freya Lily Florence Emily Grace Poppy Ella Evie Charlotte Sophie Daisy Alice Hannah Lucy ' +
  'Eleanor Martha Beatrice Imogen Harriet Rosie Megan Niamh Aisha Priya Zara Leila Oliver George Noah Arthur Harry Leo ' +
  'Jack Theo Charlie Henry Alfie Oscar Thomas Edward Samuel Daniel Benjamin James William Isaac Finley Callum Rory ' +
  'Hamish Dylan Rhys Omar Imran Arjun Kwame'
).split(' ')

const lastNames = (
  'Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Roberts ' +
  'Green Hall Wood Harris Martin Jackson Clarke Lewis Hughes Edwards Hill Moore Clark Harrison Scott Young Morris King ' +
  'Ward Cooper Bailey Parker Bennett Cook Shaw Murphy Collins Bell Kelly Murray Palmer Graham Stevens Mills Fraser ' +
  'Campbell Stewart Reid Ross Khan Ahmed Singh Sharma Okafor Mensah'
).split(' ')

const surnames = [
  ['王', 'Wang'],
  ['李', 'Li'],
  ['张', 'Zhang'],
  ['刘', 'Liu'],
  ['陈', 'Chen'],
  ['杨', 'Yang'],
  ['黄', 'Huang'],
  ['赵', 'Zhao'],
  ['吴', 'Wu'],
  ['周', 'Zhou'],
  ['徐', 'Xu'],
  ['孙', 'Sun'],
  ['马', 'Ma'],
  ['朱', 'Zhu'],
  ['胡', 'Hu'],
  ['林', 'Lin'],
  ['郭', 'Guo'],
  ['何', 'He'],
  ['高', 'Gao'],
  ['罗', 'Luo'],
  ['郑', 'Zheng'],
  ['梁', 'Liang'],
  ['谢', 'Xie'],
  ['宋', 'Song'],
  ['唐', 'Tang'],
  ['许', 'Xu'],
  ['韩', 'Han'],
  ['邓', 'Deng'],
  ['沈', 'Shen'],
  ['程', 'Cheng'],
] as const

const givenNames = [
  ['静怡', 'Jingyi'],
  ['雨桐', 'Yutong'],
  ['欣怡', 'Xinyi'],
  ['思远', 'Siyuan'],
  ['子涵', 'Zihan'],
  ['晓雯', 'Xiaowen'],
  ['佳琪', 'Jiaqi'],
  ['梦洁', 'Mengjie'],
  ['文轩', 'Wenxuan'],
  ['浩然', 'Haoran'],
  ['宇航', 'Yuhang'],
  ['俊杰', 'Junjie'],
  ['志强', 'Zhiqiang'],
  ['建华', 'Jianhua'],
  ['丽华', 'Lihua'],
  ['秀英', 'Xiuying'],
  ['美玲', 'Meiling'],
  ['晨曦', 'Chenxi'],
  ['婉清', 'Wanqing'],
  ['若兰', 'Ruolan'],
  ['明哲', 'Mingzhe'],
  ['天佑', 'Tianyou'],
  ['嘉欣', 'Jiaxin'],
  ['慧敏', 'Huimin'],
  ['国栋', 'Guodong'],
  ['海燕', 'Haiyan'],
  ['伟', 'Wei'],
  ['芳', 'Fang'],
  ['磊', 'Lei'],
  ['敏', 'Min'],
] as const
