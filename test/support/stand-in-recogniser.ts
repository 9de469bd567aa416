import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Entities, Understanding } from '../../src/bot/contract'
import { bestName } from '../../src/bot/kit/choose'
import type { Locale } from '../../src/core/locale'

/**
 * A recogniser for tests of the conversations: the nearest example utterance, or 'none'. It needs no training, so that a
 * transcript fails for what the conversation does and not for what a model learnt.
 */
export function standInRecogniser(extra: Readonly<Record<string, readonly string[]>> = {}) {
  const examples = { en: readUtterances('en'), zh: readUtterances('zh') }
  for (const [intent, texts] of Object.entries(extra)) {
    for (const text of texts) (/\p{Script=Han}/u.test(text) ? examples.zh : examples.en).push({ intent, text })
  }
  return (said: string, fallback: Locale): Understanding => {
    const han = /\p{Script=Han}/u.test(said)
    const locale: Locale = han ? 'zh' : /[a-z]{2}/i.test(said) ? 'en' : fallback
    const scored = examples[locale]
      .map(({ intent, text }) => ({ intent, score: said.length > 120 ? 0 : (bestName(said, [[text]])?.score ?? 0) }))
      .sort((left, right) => right.score - left.score)
    const alternatives = [...new Map(scored.toReversed().map((each) => [each.intent, each.score]))]
      .map(([intent, score]) => ({ intent, score }))
      .sort((left, right) => right.score - left.score)
      .slice(0, 4)
    const best = scored[0]
    const sure = best !== undefined && best.score >= 0.72
    return {
      locale,
      intent: sure ? best.intent : 'none',
      score: best?.score ?? 0,
      alternatives: alternatives.filter(({ score }) => score > 0.2),
      entities: entitiesOf(said),
    }
  }
}

const FOLDER = path.join(__dirname, '../../dialogs')

function readUtterances(locale: Locale): { intent: string; text: string }[] {
  const found: { intent: string; text: string }[] = []
  for (const folder of readdirSync(FOLDER)) {
    const file = path.join(FOLDER, folder, `utterances.${locale}.txt`)
    if (!existsSync(file)) continue
    let intent = folder
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      if (line.startsWith('# ')) intent = line.slice(2).trim()
      else if (line.trim() !== '') found.push({ intent, text: line.trim() })
    }
  }
  return found
}

const WORDS: Readonly<Record<string, number>> = {
  ...{ one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, ten: 10, hundred: 100 },
  ...{ 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 十: 10, 一百: 100 },
}
const ORDINALS: Readonly<Record<string, number>> = {
  ...{ first: 1, second: 2, third: 3, fourth: 4, last: -1, 第一: 1, 第二: 2, 第三: 3, 最后: -1 },
}

function entitiesOf(said: string): Entities {
  const text = said.toLowerCase()
  const numbers = [...text.matchAll(/(?<![a-z\d@-])-?\d+(\.\d+)?(?![a-z\d@-])|一百|[一二两三四五十]|[a-z]+/g)]
    .map(([word]) => WORDS[word] ?? Number(word))
    .filter((value) => !Number.isNaN(value))
  const ordinal = Object.entries(ORDINALS).find(([word]) => new RegExp(`(^|[^a-z])${word}([^a-z]|$)`).test(text))?.[1]
  return {
    numbers: ordinal === undefined ? numbers : [],
    ...(ordinal === undefined ? {} : { ordinal }),
    couponCodes: said.match(/\b[A-Z0-9]{4}(-[A-Z0-9]{4}){2,}\b/gi) ?? [],
    orderCodes: said.match(/\b[A-Z]-?\d{4,}\b|\b\d{6}\b/g) ?? [],
    emails: said.match(/[^\s@]+@[^\s@]+\.[a-z]{2,}/gi) ?? [],
    products: [],
    categories: [],
  }
}
