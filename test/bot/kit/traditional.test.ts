import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Converter } from 'opencc-js/cn2t'
import { simplified } from '../../../src/bot/kit/simplified'
import { inTraditional, isTraditional, isTraditionalTag, traditional } from '../../../src/bot/kit/traditional'

const root = path.join(__dirname, '../../..')

/** Every line with Chinese in it that a customer may read. */
function ownLines(): string[] {
  const files = ['dialogs', 'src/bot/engine', 'src/bot/turn', 'src/core/demo/catalogue'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|md)$/.test(entry.name) && !entry.name.startsWith('utterances'))
      .map((entry) => path.join(entry.parentPath, entry.name)),
  )
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n'))
  return lines.filter((line) => /\p{Script=Han}/u.test(line) && isTraditional(line) !== true)
}

test('all of our texts come out as OpenCC writes them', () => {
  const convert = Converter({ from: 'cn', to: 'tw' })
  const lines = ownLines()
  expect(lines.length).toBeGreaterThan(500)
  expect(lines.map((line) => traditional(line))).toEqual(lines.map((line) => convert(line)))
})

test('what its dictionaries put wrongly none of our texts holds', () => {
  expect(ownLines().filter((line) => /併為/.test(traditional(line)))).toEqual([])
})

test.each([
  ['您有 **3,059 积分** 可用。', '您有 **3,059 積分** 可用。'],
  ['饼干里面', '餅乾裡面'],
  ['这里面条很干', '這裡麵條很乾'],
  ['皇后之后', '皇后之後'],
  ['KW119373 · £50.20', 'KW119373 · £50.20'],
  ['ABCD-EFGH-2345-6789', 'ABCD-EFGH-2345-6789'],
  ['𠮷 订单', '𠮷 訂單'],
  ['', ''],
])('%j is %j', (text, shown) => {
  expect(traditional(text)).toBe(shown)
})

test('a name is kept as it is, wherever it stands', () => {
  expect(traditional('王静怡，您好！王静怡的订单', ['王静怡'])).toBe('王静怡，您好！王静怡的訂單')
})

test('buttons show it and bring back what they always do; a title that is typed is found by it', () => {
  const reply = inTraditional(
    {
      text: '兑换吗？',
      quickReplies: [{ title: '确认兑换', action: { verb: 'redeem-confirm', args: { nonce: '单' } } }],
      choices: [{ title: '订单', action: { verb: 'my-orders', args: {} } }],
      about: { kind: 'coupon', ids: ['单'] },
      card: {
        title: '请确认',
        content: {
          type: 'AdaptiveCard',
          body: [
            { type: 'FactSet', facts: [{ title: '优惠券', value: '免费饼干' }] },
            { type: 'Input.ChoiceSet', id: '单', choices: [{ title: '一张', value: '张' }] },
          ],
          actions: [{ type: 'Action.Execute', title: '确认', verb: '单', data: { verb: '单', args: { title: '单' } } }],
        },
      },
    },
    [],
  )
  expect(reply).toEqual({
    text: '兌換嗎？',
    quickReplies: [{ title: '確認兌換', action: { verb: 'redeem-confirm', args: { nonce: '单' } } }],
    choices: [{ title: '订单', action: { verb: 'my-orders', args: {} } }],
    about: { kind: 'coupon', ids: ['单'] },
    card: {
      title: '請確認',
      content: {
        type: 'AdaptiveCard',
        body: [
          { type: 'FactSet', facts: [{ title: '優惠券', value: '免費餅乾' }] },
          { type: 'Input.ChoiceSet', id: '单', choices: [{ title: '一張', value: '张' }] },
        ],
        actions: [{ type: 'Action.Execute', title: '確認', verb: '单', data: { verb: '单', args: { title: '单' } } }],
      },
    },
  })
})

test('what is shown of our texts is understood as what it was', () => {
  const lines = ownLines()
  expect(lines.filter((line) => simplified(traditional(line)) !== simplified(line))).toEqual([])
})

test.each([
  ['我的訂單到哪裡了', true],
  ['幾多錢', true],
  ['我的订单', false],
  ['你好', undefined],
  ['my orders', undefined],
  ['茶', undefined],
  ['', undefined],
])('%j is written in traditional characters: %s', (text, expected) => {
  expect(isTraditional(text)).toBe(expected)
})

test.each([
  ['zh-TW', true],
  ['zh-HK', true],
  ['zh_Hant', true],
  ['zh-Hant-MO', true],
  ['zh-CN', false],
  ['zh', false],
  ['zh-Hans-HK', false],
  ['en-HK', false],
  [undefined, false],
])('the tag %s asks for them: %s', (tag, expected) => {
  expect(isTraditionalTag(tag)).toBe(expected)
})
