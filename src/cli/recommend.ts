import { type Command, Option } from 'commander'
import { type Locale, locales } from '../core/locale'
import { findMember } from '../core/members/find'
import { type Reason, type Recommendation, recommend } from '../core/recommendations/recommend'
import { type CliContext, CommandFailure } from './context'
import { wholeNumber } from './program'

const DEFAULT_LIMIT = 10

interface RecommendFlags {
  as: string
  limit: number
  category?: string
  locale?: Locale
}

/** `recommend`: what a member may want to buy, and why. */
export function registerRecommend(program: Command, context: CliContext): void {
  program
    .command('recommend')
    .description('items for a member, with score and reason, best first')
    .requiredOption('--as <member>', 'the member to recommend to')
    .option('--limit <n>', 'how many items', wholeNumber({ min: 1, max: 1_000 }), DEFAULT_LIMIT)
    .option('--category <code>', 'only items of this category')
    .addOption(
      new Option('--locale <locale>', "language of names and reasons; default the member's").choices([...locales]),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  regulars recommend --as M0001\n  regulars recommend --as 17850 --limit 5 --locale zh',
    )
    .action(async ({ as: memberId, limit, category, locale: asked }: RecommendFlags) => {
      const db = await context.database()
      const member = await findMember(db, { memberId })
      if (!member)
        throw new CommandFailure(`there is no member "${memberId}"; "regulars members" lists them`, {
          code: 'unknown-member',
        })
      const locale = asked ?? (member.locale === 'zh' ? 'zh' : 'en')
      const categoryCode = category === undefined ? {} : { categoryCode: category }
      const found = await recommend(db, { memberId, at: context.clock(), limit, ...categoryCode })
      const items = found.map((item) => ({ ...item, name: item.name[locale], text: inWords(item, locale) }))
      context.table(
        [
          { title: 'sku', value: (row) => row.sku },
          { title: 'item', value: (row) => row.name },
          { title: 'score', value: (row) => row.score.toFixed(3) },
          { title: 'why', value: (row) => row.text },
        ],
        items,
      )
      if (items.length === 0) context.say('nothing to recommend: no orders to learn from, or nothing in stock')
      context.json({ member: memberId, items })
    })
}

type BoughtAgain = Extract<Reason, { code: 'bought-again' }>

function inWords({ reason }: Recommendation, locale: Locale): string {
  return locale === 'zh' ? inChinese(reason) : inEnglish(reason)
}

function inEnglish(reason: Reason): string {
  switch (reason.code) {
    case 'popular':
      return `popular: bought by ${reason.buyers} in ${reason.withinDays} days`
    case 'goes-with':
      return `goes with ${reason.name.en}, bought before: ${counted(reason.buyers, 'member')} bought both`
    case 'similar-members':
      return `bought by ${reason.buyers} of the members who buy most alike`
    case 'favourite-category':
      return `new to the member, from ${reason.name.en}, bought from ${counted(reason.times, 'time')}`
    case 'bought-again':
      return boughtInEnglish(reason)
  }
}

function boughtInEnglish({ times, everyDays, lastAt, dueInDays }: BoughtAgain): string {
  const past = `bought ${counted(times, 'time')}, last on ${lastAt.toISOString().slice(0, 10)}`
  if (everyDays === undefined || dueInDays === undefined) return past
  const days = counted(Math.abs(dueInDays), 'day')
  const due = dueInDays > 0 ? `due in ${days}` : dueInDays < 0 ? `overdue by ${days}` : 'due now'
  return `${past}, about every ${counted(everyDays, 'day')}, ${due}`
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}

function inChinese(reason: Reason): string {
  switch (reason.code) {
    case 'popular':
      return `热销：${reason.withinDays} 天内有 ${reason.buyers} 位会员购买`
    case 'goes-with':
      return `与买过的${reason.name.zh}搭配：${reason.buyers} 位会员两样都买了`
    case 'similar-members':
      return `购物习惯最接近的会员中有 ${reason.buyers} 位买过`
    case 'favourite-category':
      return `会员没买过的新选择；${reason.name.zh}类买过 ${reason.times} 次`
    case 'bought-again':
      return boughtInChinese(reason)
  }
}

function boughtInChinese({ times, everyDays, lastAt, dueInDays }: BoughtAgain): string {
  const past = `买过 ${times} 次，上次是 ${lastAt.toISOString().slice(0, 10)}`
  if (everyDays === undefined || dueInDays === undefined) return past
  const due = dueInDays > 0 ? `还有 ${dueInDays} 天该买了` : dueInDays < 0 ? `已过 ${-dueInDays} 天` : '现在该买了'
  return `${past}，大约每 ${everyDays} 天一次，${due}`
}
