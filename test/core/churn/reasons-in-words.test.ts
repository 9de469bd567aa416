import { churnReasonInWords } from '../../../src/core/churn/reasons-in-words'
import type { ChurnReason } from '../../../src/ml/churn-reasons'

const cases: [ChurnReason, string, string][] = [
  [
    { code: 'silent', daysSinceLast: 64, usualGapDays: 21 },
    'last order 64 days ago, usually every 21 days',
    '上次下单是 64 天前，平时约每 21 天一次',
  ],
  [
    { code: 'silent', daysSinceLast: 2, usualGapDays: 1 },
    'last order 2 days ago, usually every day',
    '上次下单是 2 天前，平时约每天一次',
  ],
  [{ code: 'silent', daysSinceLast: 1 }, 'last order 1 day ago', '上次下单是 1 天前'],
  [
    { code: 'slowing', lastGapDays: 40, usualGapDays: 18 },
    'the last order came after 40 days, usually after 18 days',
    '最近一次下单隔了 40 天，平时约 18 天',
  ],
  [
    { code: 'fewer-orders', recent: 1, before: 4, days: 91 },
    '1 order in the last 91 days, 4 in the 91 before',
    '最近 91 天下单 1 次，再往前 91 天有 4 次',
  ],
  [{ code: 'few-orders', orders: 1 }, 'ordered on only 1 day so far', '至今只在 1 天里下过单'],
  [
    { code: 'spends-less', lastMinor: 1250, meanMinor: 123456 },
    'the last order was worth GBP 12.50, usually GBP 1,234.56',
    '最近一单 GBP 12.50，平时约 GBP 1,234.56',
  ],
  [
    { code: 'sends-back', refunds: 2, percent: 40 },
    'sent back 40 % of what was bought, in 2 refunds',
    '退货 2 次，占购买金额的 40%',
  ],
  [{ code: 'points-unused', pointsEarned: 900 }, 'earned 900 points and never spent any', '已获得 900 积分，从未使用'],
  [{ code: 'complained', complaints: 2, daysAgo: 0 }, 'complained twice, last today', '投诉过 2 次，最近一次在今天'],
  [
    { code: 'asked-for-help', questions: 3, daysAgo: 9 },
    'asked for help 3 times, last 9 days ago',
    '咨询过 3 次，最近一次在 9 天前',
  ],
  [{ code: 'one-category' }, 'buys from one category only', '只买过一个品类'],
  [
    { code: 'small-baskets', lastLines: 1, meanLines: 3.5 },
    '1 article in the last order, usually 3.5',
    '最近一单 1 种商品，平时约 3.5 种',
  ],
]

test.each(cases)('%j', (reason, en, zh) => {
  expect(churnReasonInWords(reason, { locale: 'en', currency: 'GBP' })).toBe(en)
  expect(churnReasonInWords(reason, { locale: 'zh', currency: 'GBP' })).toBe(zh)
})
