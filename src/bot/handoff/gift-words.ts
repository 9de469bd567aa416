import type { Gift } from '../../core/assist/goodwill'
import type { Locale } from '../../core/locale'
import { formatLastDay, formatPoints } from '../kit/format'
import { escapeMarkdown } from '../kit/markdown'
import { nameIn } from '../kit/words'

interface GiftWords {
  points(given: { staff: string; points: string; after: string }): string
  coupon(given: { staff: string; name: string; code: string; until: string }): string
}

const words: Readonly<Record<Locale, GiftWords>> = {
  en: {
    points: ({ staff, points, after }) =>
      `${staff} has added **${points}** to your account, with our apologies for the trouble. You now have ${after} to spend.`,
    coupon: ({ staff, name, code, until }) =>
      `${staff} has given you a coupon: **${name}**. Your code is \`${code}\`, valid until ${until}. It cost you no points.`,
  },
  zh: {
    points: ({ staff, points, after }) => `${staff}已向您的账户补偿 **${points}**，给您添麻烦了。您现在可用 ${after}。`,
    coupon: ({ staff, name, code, until }) =>
      `${staff}赠送您一张优惠券：**${name}**。券码 \`${code}\`，有效期至${until}，不扣您的积分。`,
  },
}

/** What a member hears of a gift, in the language of the conversation. Markdown. */
export function giftText(gift: Gift, { staff, timeZone }: { staff: string; timeZone: string }): string {
  const { locale } = gift.request
  const by = escapeMarkdown(staff)
  if (!gift.coupon) {
    const [points, after] = [gift.points, gift.availableAfter].map((count) => formatPoints(locale, count))
    return words[locale].points({ staff: by, points: points ?? '', after: after ?? '' })
  }
  const { name, code, expiresAt } = gift.coupon
  const until = formatLastDay(locale, { at: expiresAt, timeZone })
  return words[locale].coupon({ staff: by, name: escapeMarkdown(nameIn(locale, name)), code, until })
}
