import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { RECIPE } from '../../../src/bot/nlu/intent-model'
import { languageOf } from '../../../src/bot/nlu/language'
import { createRecogniser } from '../../../src/bot/nlu/recogniser'
import { createSpelling } from '../../../src/bot/nlu/spelling'
import { parseUtterances, readUtterances, type Utterance } from '../../../src/bot/nlu/utterances'

const of = (intent: string, ...texts: string[]): Utterance[] => texts.map((text) => ({ intent, text }))

const utterances = {
  en: [
    ...of(
      'points-balance',
      'how many points do I have',
      'my points',
      'points balance',
      'show my points balance',
      'what is my balance',
    ),
    ...of(
      'redeem-coupon',
      'redeem a coupon',
      'I want to spend points on a voucher',
      'exchange points for a coupon',
      'get a coupon',
    ),
    ...of('my-orders', 'where is my order', 'show my orders', 'my last order', 'order status', 'what did I order'),
    ...of('get-refund', 'I want a refund', 'give me my money back', 'refund please', 'how do I get a refund'),
    ...of(
      'none',
      'tell me a joke',
      'what is the weather',
      'who won the match',
      'sing a song',
      'how tall is the tower',
      'blah blah',
    ),
  ],
  zh: [
    ...of('points-balance', '我有多少积分', '查积分', '我的积分余额', '还剩多少积分', '积分查询'),
    ...of('redeem-coupon', '兑换优惠券', '我要用积分换券', '换一张优惠券', '兑换券'),
    ...of('my-orders', '我的订单', '订单到哪了', '查订单', '上一个订单'),
    ...of('none', '讲个笑话', '今天天气怎么样', '唱首歌', '谁赢了比赛'),
  ],
}
const names = {
  categories: [{ code: 'coffee', name: { en: 'Coffee', zh: '咖啡' } }],
  products: [{ sku: 'C1', name: { en: 'Colombian coffee beans', zh: '哥伦比亚咖啡豆' } }],
}

describe('the recogniser', () => {
  const recogniser = createRecogniser({ utterances, names })

  test.each([
    ['how many points have I got', 'en', 'points-balance'],
    ['How Many POINTS do I have???', 'en', 'points-balance'],
    ['ｍｙ　ｐｏｉｎｔｓ', 'en', 'points-balance'],
    ['how mnay piont do I have', 'en', 'points-balance'],
    ['wher is my ordr', 'en', 'my-orders'],
    ['exchange my points for a voucher', 'en', 'redeem-coupon'],
    ['I expect a reimbursement', 'en', 'get-refund'],
    ['我还有多少积分呢', 'zh', 'points-balance'],
    ['查一下我的订单', 'zh', 'my-orders'],
    ['帮我换张代金券', 'zh', 'redeem-coupon'],
    ['我的 points 还剩多少', 'zh', 'points-balance'],
    ['我的points balance', 'zh', 'points-balance'],
    ['我還剩多少積分', 'zh', 'points-balance'],
    ['我仲有幾多積分', 'zh', 'points-balance'],
    ['張單去到邊度', 'zh', 'my-orders'],
    ['\u202emy points\u202c\u200b', 'en', 'points-balance'],
  ])('%s → %s %s', (said, locale, intent) => {
    expect(recogniser.recognise(said, {})).toMatchObject({ locale, intent })
  })

  test.each([
    [''],
    ['     '],
    ['😀😀😀'],
    ['مرحبا كيف حالك'],
    ['1234'],
    ['the second one'],
    ['第二个'],
    ['xkcd zzyzx qqqq'],
    ['what is the weather in Peru'],
    ['\u0000\u0007'],
  ])('%j is none of the intents', (said) => {
    expect(recogniser.recognise(said, { locale: 'zh' }).intent).toBe('none')
  })

  test('what nothing answers is learnt from and never said', () => {
    for (const { text } of utterances.en) {
      const { alternatives } = recogniser.recognise(text, {})
      expect(alternatives.map(({ intent }) => intent)).not.toContain('none')
    }
  })

  test('an unsure answer is among the alternatives, a sure one is not', () => {
    for (const said of ['points', 'my order', 'money', '积分', 'coupon or refund', 'what']) {
      const { intent, alternatives } = recogniser.recognise(said, {})
      expect(alternatives.map((each) => each.intent)).not.toContain(intent)
      expect(alternatives.every(({ score }) => score > 0 && score <= 1)).toBe(true)
    }
  })

  test('the catalogue is named in either language', () => {
    expect(recogniser.recognise('colombian coffe beans', {}).entities.products[0]).toMatchObject({ sku: 'C1' })
    expect(recogniser.recognise('哥倫比亞咖啡豆', {}).entities.products[0]).toMatchObject({ sku: 'C1' })
    expect(recogniser.recognise('咖啡', {}).entities.categories[0]).toEqual({ code: 'coffee', name: '咖啡', score: 1 })
  })

  test('a text that tells its language is remembered once, whatever is spoken around it', () => {
    const remembered = recogniser.recognise('my last order', { locale: 'en' })
    expect(recogniser.recognise('my last order', { locale: 'zh' })).toBe(remembered)
    expect(recogniser.recognise('12345', { locale: 'en' }).locale).toBe('en')
    expect(recogniser.recognise('12345', { locale: 'zh' }).locale).toBe('zh')
  })

  test.each([
    ['redeem a coupon for coffee and where is my order', 'redeem a coupon for coffee', 'where is my order'],
    ['兑换优惠券，咖啡的，还有查订单', '兑换优惠券, 咖啡的', '查订单'],
  ])('of two wishes each has its own words and names: %s', (said, first, second) => {
    const { intent, parts } = recogniser.recognise(said, {})
    expect(intent).toBe('redeem-coupon')
    expect(parts?.map((part) => [part.intent, part.said])).toEqual([
      ['redeem-coupon', first],
      ['my-orders', second],
    ])
    expect(parts?.map(({ entities }) => entities.categories.map(({ code }) => code))).toEqual([['coffee'], []])
  })

  test('numbers and dates are read in traditional characters too', () => {
    expect(recogniser.recognise('換兩張', {}).entities.numbers).toEqual([2])
    expect(recogniser.recognise('上個禮拜的訂單', {}).entities.date).toEqual({ kind: 'ago', unit: 'week', count: 1 })
    expect(recogniser.recognise('第二個', { locale: 'zh' })).toMatchObject({ intent: 'none', entities: { ordinal: 2 } })
  })

  test('ten thousand characters are read like a thousand', () => {
    for (const said of ['points '.repeat(1_500), '积分'.repeat(5_000), 'x'.repeat(10_000), '1'.repeat(10_000)]) {
      expect(recogniser.recognise(said, {}).score).toBeLessThanOrEqual(1)
    }
  })

  test('without any utterance of a language it still answers in the other', () => {
    const half = createRecogniser({ utterances: { en: utterances.en, zh: [] } })
    expect(half.recognise('my points', {}).intent).toBe('points-balance')
    expect(half.recognise('我的积分', {})).toMatchObject({ locale: 'zh', intent: 'none' })
  })
})

describe('the kept models', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'regulars-models-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const make = (options: Partial<Parameters<typeof createRecogniser>[0]> = {}) =>
    createRecogniser({ utterances, cacheFolder: path.join(folder, 'models'), ...options })
  const files = () => readdirSync(path.join(folder, 'models')).sort()
  const contents = () => files().map((file) => readFileSync(path.join(folder, 'models', file)).toString('base64'))

  test('are used again, and answer as before', () => {
    const said = 'what about my balance of points'
    const first = make().recognise(said, {})
    const before = contents()
    expect(make().recognise(said, {})).toEqual(first)
    expect(contents()).toEqual(before)
    expect(files()).toHaveLength(2)
  })

  test('are kept by the number of their recipe, which was raised when these scores last changed', () => {
    const scoresOf = (said: string) => {
      const { score, alternatives } = make().recognise(said, {})
      return [score, ...alternatives.map(({ score: other }) => other)]
    }
    const said = ['what about my balance of points', 'where has my order gone', 'can I have the money', '积分换什么券']
    // Other scores from the same utterances and synonyms: raise RECIPE, or installations go on with the model they have.
    expect({ recipe: RECIPE, scores: said.map(scoresOf) }).toEqual({
      recipe: 10,
      scores: [[1], [1], [0.794, 0.175], [1]],
    })
  })

  test('make way for those of other utterances', () => {
    make()
    const before = files()
    make({ utterances: { ...utterances, en: [...utterances.en, ...of('goodbye', 'bye', 'see you')] } })
    expect(files()).toHaveLength(2)
    expect(files()).not.toEqual(before)
  })

  test('are made anew when damaged', () => {
    make()
    const before = contents()
    for (const file of files()) writeFileSync(path.join(folder, 'models', file), 'rubbish')
    expect(make().recognise('my points', {}).intent).toBe('points-balance')
    expect(contents()).toEqual(before)
  })

  test('are done without where they cannot be written', () => {
    writeFileSync(path.join(folder, 'file'), '')
    const recogniser = make({ cacheFolder: path.join(folder, 'file') })
    expect(recogniser.recognise('my points', {}).intent).toBe('points-balance')
  })
})

test.each([
  ['hello there', 'en'],
  ['我的积分', 'zh'],
  ['我的 points', 'zh'],
  ['what does 积分 mean in this shop', 'en'],
  ['12345', undefined],
  ['ABCD-EFGH-2345-6789', undefined],
  ['KW1204', undefined],
  ['a@example.com', undefined],
  ['😀', undefined],
  ['', undefined],
  ['Привет', undefined],
])('the language of %j is %s', (said, locale) => {
  expect(languageOf(said)).toBe(locale)
})

test.each([
  ['how mnay piont do I have', 'how many point do I have'],
  ['exchagne my vouchr', 'exchange my voucher'],
  ['Refnud', 'refund'],
  ['how many points', 'how many points'],
  ['zzyzx', 'zzyzx'],
  ['ptos', 'ptos'],
  ['积分', '积分'],
  ['', ''],
])('%j is corrected to %j', (typed, corrected) => {
  const spelling = createSpelling([...utterances.en.map(({ text }) => text), 'one point'])
  expect(spelling.correct(typed)).toBe(corrected)
})

describe('utterance files', () => {
  test('are read by headings, without comments and blank lines', () => {
    const text = '// how people ask\n# one\nfirst \n\n# two\r\nsecond\r\n  // not this\nthird'
    expect(parseUtterances(text, 'a.txt')).toEqual([
      { intent: 'one', text: 'first' },
      { intent: 'two', text: 'second' },
      { intent: 'two', text: 'third' },
    ])
  })

  test('are refused, with file and line, when an utterance stands before the first heading', () => {
    expect(() => parseUtterances('\nhello', 'a.txt')).toThrow('a.txt:2: "hello"')
  })

  test('of this checkout have at least forty utterances an intent and language', () => {
    const folder = path.join(__dirname, '../../../dialogs')
    const byLocale = (['en', 'zh'] as const).map((locale) => {
      const counts = new Map<string, Set<string>>()
      for (const { intent, text } of readUtterances(folder, locale)) {
        counts.set(intent, (counts.get(intent) ?? new Set()).add(text.toLowerCase()))
      }
      return counts
    })
    const [en, zh] = byLocale
    expect([...(en?.keys() ?? [])].sort()).toEqual([...(zh?.keys() ?? [])].sort())
    for (const counts of byLocale) {
      for (const [intent, texts] of counts) expect(`${intent} ${texts.size >= 40}`).toBe(`${intent} true`)
    }
  })
})
