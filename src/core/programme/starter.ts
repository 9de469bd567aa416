import type { Db } from '../../db/sql'
import { readMerchant } from '../merchant'
import { programmeFile } from './file'
import { putProgramme } from './put'

/** Something to spend points on for a merchant who has not said what: an amount off, percent off, free delivery. */
function starterCoupons(currency: string): unknown[] {
  const amount = (major: number, costPoints: number) => ({
    id: `starter-off-${major}`,
    kind: 'amount-off',
    name: { en: `${money('en', currency, major)} off your order`, zh: `订单立减 ${money('zh', currency, major)}` },
    value: major * 100,
    costPoints,
  })
  const percent = {
    id: 'starter-percent-10',
    kind: 'percent-off',
    name: { en: '10% off your order', zh: '订单九折' },
    value: 10,
    costPoints: 400,
    perMemberLimit: 3,
  }
  const delivery = {
    id: 'starter-free-delivery',
    kind: 'free-shipping',
    name: { en: 'Free standard delivery', zh: '免标准配送费' },
    costPoints: 120,
    validDays: 60,
  }
  return [delivery, amount(5, 250), percent, amount(10, 480)]
}

function money(locale: string, currency: string, major: number): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 0 }).format(major)
}

/** Adds the starter coupons where there is no coupon at all; resolves to how many were added. Call it in a transaction. */
export async function ensureCoupons(db: Db, { at }: { at: Date }): Promise<number> {
  const [any] = await db.sql<{ id: string }>`select id from coupon limit 1`
  if (any) return 0
  const { currency } = await readMerchant(db)
  const programme = programmeFile.parse({ coupons: starterCoupons(currency) })
  const result = await putProgramme(db, { programme, at })
  if (!result.ok) throw new Error(`the starter coupons were refused: ${result.detail}`)
  return result.coupons
}
