import { askedFor, mentioned } from '../../dialogs/recommend/asked-for'

describe('what somebody asks the shop for', () => {
  it.each([
    ['Do you sell green tea?', ['green', 'tea']],
    ['have you got any candles', ['candle']],
    ["I'm looking for a teapot", ['teapot']],
    ['show me your teas', ['tea']],
    ['is there any jasmine in stock today', ['jasmine']],
    ['你们卖龙井吗', ['龙井']],
    ['有没有乌龙茶', ['乌龙茶']],
    ['有蜡烛吗？', ['蜡烛']],
    ['有茶吗', ['茶']],
    ['我想找一个茶壶', ['茶壶']],
  ])('%s', (said, words) => {
    expect(askedFor(said)).toEqual(words)
  })

  it.each([
    'what should I buy again',
    'recommend me something',
    'do you have something new for me',
    'do you have any suggestions',
    'show me more like that',
    '有什么推荐',
    '有什么',
    '有没有',
    '有吗',
    '有没有适合我的新品',
    '我该补货什么',
    '',
    '%%%',
  ])('nothing in particular: %s', (said) => {
    expect(askedFor(said)).toBeUndefined()
  })
})

describe('what is mentioned in asking for suggestions', () => {
  it.each([
    ['something in tea', ['tea']],
    ['recommend me some green tea', ['green', 'tea']],
    ['which candles would you suggest', ['candle']],
    ['推荐绿茶', ['绿茶']],
    ['推薦啲綠茶', ['绿茶']],
    ['想买点咖啡', ['咖啡']],
    ['what should I buy again', undefined],
    ['any recommendations for me', undefined],
    ['有什么推荐', undefined],
    ['', undefined],
  ])('%s', (said, words) => {
    expect(mentioned(said)).toEqual(words)
  })
})
