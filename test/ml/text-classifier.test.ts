import { trainNaturalBayes } from '../../bench/peers/natural-bayes'
import { ModelFileError } from '../../src/ml/model-file'
import { createRandom, pick } from '../../src/ml/random'
import { loadTextClassifier, type TrainingText, trainTextClassifier } from '../../src/ml/text-classifier'

const toys: Record<string, string[]> = {
  weather: ['will it rain today', 'is it sunny outside', 'rain tomorrow', 'how cold is it today', 'is there snow'],
  music: ['play a song', 'play some jazz', 'stop the music', 'next song please', 'louder music please'],
  bank: ['how much money do I have', 'transfer money to Anna', 'my bank card is lost', 'what is my card limit'],
}
const toyTexts = Object.entries(toys).flatMap(([label, texts]) => texts.map((text) => ({ text, label })))
const chinese: TrainingText[] = [
  ...['我有多少积分', '查一下积分', '积分余额', '还剩多少积分'].map((text) => ({ text, label: 'points' })),
  ...['我的订单在哪', '查订单', '订单到哪了', '物流进度'].map((text) => ({ text, label: 'orders' })),
]

/** Sentences of made-up words: each class has words of its own, and some are everybody's. */
function madeUp(classes: number, perClass: number, seed: string): TrainingText[] {
  const random = createRandom(seed)
  const common = ['the', 'please', 'now', 'is', 'what']
  return Array.from({ length: classes * perClass }, (_, i) => {
    const own = Array.from({ length: 6 }, (_, k) => `w${String.fromCharCode(97 + (i % classes))}${'aeiouy'[k]}rk`)
    const words = Array.from({ length: 7 }, (_, k) => pick(random, k % 3 === 0 ? common : own))
    return { text: words.join(' '), label: `class-${i % classes}` }
  })
}

interface Trained {
  classify(text: string): string | undefined
}
const trainers: Record<string, (texts: readonly TrainingText[], language: 'en' | 'zh') => Trained> = {
  ours(texts, language) {
    const model = trainTextClassifier(texts, { language, documentsMin: 1 })
    return { classify: (text) => model.classify(text).best?.label }
  },
  'ours, saved and loaded': (texts, language) => {
    const model = loadTextClassifier(trainTextClassifier(texts, { language, documentsMin: 1 }).save())
    return { classify: (text) => model.classify(text).best?.label }
  },
  'natural’s Bayes': (texts) => ({ classify: trainNaturalBayes(texts) }),
}

describe.each(Object.entries(trainers))('every text classifier: %s', (_, train) => {
  test('knows again what it was taught', () => {
    const model = train(toyTexts, 'en')
    for (const { text, label } of toyTexts) expect([text, model.classify(text)]).toEqual([text, label])
  })

  test('sorts new texts by the words they share', () => {
    const model = train(toyTexts, 'en')
    expect(model.classify('is rain coming')).toBe('weather')
    expect(model.classify('PLAY THAT SONG!')).toBe('music')
    expect(model.classify('I lost my card')).toBe('bank')
  })

  test('sorts Chinese without spaces', () => {
    const model = train(chinese, 'zh')
    expect(model.classify('积分有多少')).toBe('points')
    expect(model.classify('我的订单呢')).toBe('orders')
  })

  test('one class, one text each, and the same text often are no problem', () => {
    expect(train([{ text: 'hello', label: 'a' }], 'en').classify('hello')).toBe('a')
    const two = train(
      [
        { text: 'hello', label: 'a' },
        { text: 'goodbye', label: 'b' },
      ],
      'en',
    )
    expect(two.classify('goodbye')).toBe('b')
    const often = train([...Array(50).fill({ text: 'hello', label: 'a' }), { text: 'goodbye', label: 'b' }], 'en')
    expect(often.classify('goodbye')).toBe('b')
  })
})

describe('the text classifier', () => {
  test('survives misspelling, which whole words do not', () => {
    const model = trainTextClassifier(toyTexts, { language: 'en', documentsMin: 1 })
    expect(model.classify('tranfser mony').best?.label).toBe('bank')
  })

  test('says that it knows nothing of a text without known features', () => {
    const model = trainTextClassifier(toyTexts, { language: 'en' })
    for (const text of ['', '   ', '!!!', '😀😀', 'жжж']) {
      expect(model.classify(text)).toEqual({ best: undefined, isSure: false, others: [] })
    }
  })

  test('scores are probabilities, the best has the highest, others follow in order', () => {
    const model = trainTextClassifier(madeUp(6, 20, 'scores'), { language: 'en' })
    for (const { text } of madeUp(6, 5, 'asked')) {
      const { best, others } = model.classify(text)
      const scores = [best?.score ?? Number.NaN, ...others.map(({ score }) => score)]
      expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true)
      expect(scores).toEqual([...scores].sort((a, b) => b - a))
      expect(others.map(({ label }) => label)).not.toContain(best?.label)
    }
  })

  test('never answers with the label of texts of no class, and is unsure of them', () => {
    const outside = madeUp(1, 40, 'outside').map(({ text }) => ({ text: text.replaceAll('wa', 'zq'), label: 'none' }))
    const texts = [...madeUp(8, 30, 'in'), ...outside.slice(0, 20)]
    const model = trainTextClassifier(texts, { language: 'en', outOfScopeLabel: 'none', lossMax: 0.05 })
    const answers = outside.slice(20).map(({ text }) => model.classify(text))
    expect(answers.map(({ best }) => best?.label)).not.toContain('none')
    expect(answers.filter(({ isSure }) => isSure).length).toBeLessThanOrEqual(2)
    const asked = madeUp(8, 10, 'asked')
    const sure = asked.filter(
      ({ text, label }) => model.classify(text).isSure && model.classify(text).best?.label === label,
    )
    expect(sure.length / asked.length).toBeGreaterThan(0.85)
  })

  test('learns to refuse what it has no class for, also without examples of that', () => {
    const model = trainTextClassifier(madeUp(12, 30, 'in'), { language: 'en', outOfScopeLabel: 'none' })
    const strange = madeUp(4, 10, 'strange').map(({ text }) => text.replaceAll('w', 'q').replaceAll('rk', 'zz'))
    expect(strange.filter((text) => model.classify(text).isSure).length).toBeLessThanOrEqual(strange.length * 0.1)
  })

  test('the same texts, options and seed give the same bytes; another seed others', () => {
    const texts = madeUp(5, 20, 'bytes')
    const save = (seed: number) => Buffer.from(trainTextClassifier(texts, { language: 'en', seed }).save())
    expect(save(1).equals(save(1))).toBe(true)
    expect(save(1).equals(save(2))).toBe(false)
  })

  test('a saved classifier answers as before to the last digit; a damaged one is refused', () => {
    const model = trainTextClassifier(madeUp(5, 20, 'saved'), { language: 'en' })
    const bytes = model.save()
    const loaded = loadTextClassifier(bytes)
    for (const { text } of madeUp(5, 5, 'asked')) expect(loaded.classify(text)).toEqual(model.classify(text))
    expect(loaded.threshold).toBe(model.threshold)
    const damaged = Uint8Array.from(bytes)
    damaged[bytes.length >> 1]! ^= 1
    expect(() => loadTextClassifier(damaged)).toThrow(ModelFileError)
  })

  test('very long texts and a thousand words are read in bounded memory and time', () => {
    const model = trainTextClassifier(toyTexts, { language: 'en', documentsMin: 1 })
    expect(model.classify('rain '.repeat(2_000)).best?.label).toBe('weather')
    expect(model.classify('x'.repeat(10_000)).best?.label).not.toBe('')
    expect(model.classify('play a song '.repeat(1_000)).best?.label).toBe('music')
  })

  test('no texts at all are a mistake of the caller', () => {
    expect(() => trainTextClassifier([], { language: 'en' })).toThrow(RangeError)
  })

  test.each([
    ["I can't pay", 'i cannot pay'],
    ["I'm late", 'im late'],
    ['I haven’t got it', 'i havent got it'],
    ['ＰＡＹ　ｎｏｗ', 'pay now'],
    ['order 123', 'order 99999'],
  ])('reads "%s" as "%s"', (one, other) => {
    const texts = [
      ...toyTexts,
      { text: one, label: 'asked' },
      { text: 'i pay it later in the order now', label: 'noise' },
    ]
    const model = trainTextClassifier(texts, { language: 'en', documentsMin: 1 })
    expect(model.classify(other)).toEqual(model.classify(one))
  })
})
