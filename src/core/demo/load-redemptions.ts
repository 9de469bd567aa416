import type { CopyTx } from '../../db/copy'
import { chance, createRandom, integer, pick, type Random, shuffle } from '../../ml/random'
import type { SecretBytes } from '../clock'
import { useCode } from '../coupons/issued'
import { redeemCoupon } from '../coupons/redeem'
import { type DemoCoupon, demoCoupons } from './coupons'
import { designs } from './demo-members'
import type { DemoShop } from './generate'
import { DEMO_SOURCE } from './load-shop'

interface Redemption {
  readonly memberId: string
  readonly couponId: string
  /** Days from redeeming to using it; absent: not used. */
  readonly usedAfterDays?: number
}

/** Redemptions that make the designed members' pictures, by how many days ago they happened. */
const LAID_DOWN: Readonly<Record<number, readonly Redemption[]>> = {
  150: [
    { memberId: 'M0001', couponId: 'free-delivery' },
    { memberId: 'M0005', couponId: 'off-10', usedAfterDays: 1 },
  ],
  60: [
    { memberId: 'M0001', couponId: 'percent-10', usedAfterDays: 3 },
    { memberId: 'M0003', couponId: 'house-blend', usedAfterDays: 4 },
    { memberId: 'M0005', couponId: 'off-50-platinum', usedAfterDays: 2 },
  ],
  6: [
    { memberId: 'M0001', couponId: 'jasmine-pearls' },
    { memberId: 'M0003', couponId: 'free-delivery' },
    { memberId: 'M0005', couponId: 'percent-20-gold' },
  ],
}

/** By how many days ago: how many others redeemed something then. */
const DRAWN: Readonly<Record<number, number>> = { 240: 30, 150: 45, 60: 55, 6: 40 }
/** The coupon of which the last one goes at this look. */
const SOLD_OUT = { couponId: 'white-tea-candle', daysAgo: 60 }
const USED_SHARE = 0.6

interface RedeemOptions {
  readonly shop: DemoShop
  readonly daysAgo: number
  /** The instant of the redemptions. */
  readonly until: Date
  readonly secretBytes: SecretBytes
}

/** Lets some members spend points at one look back; through the same door as everybody. Returns how many did. */
export async function redeemSome(tx: CopyTx, options: RedeemOptions): Promise<number> {
  const { shop, daysAgo } = options
  const random = createRandom(`redemptions ${daysAgo}`)
  let made = 0
  for (const redemption of LAID_DOWN[daysAgo] ?? []) {
    if (!(await redeem(tx, redemption, options))) {
      throw new Error(`${redemption.memberId} could not redeem ${redemption.couponId} ${daysAgo} days ago`)
    }
    made += 1
  }
  const coupons = demoCoupons(shop.calendar).filter((coupon) => isForAll(coupon, shop.calendar.days - daysAgo))
  const soldOut = coupons.find(({ id }) => id === SOLD_OUT.couponId && daysAgo === SOLD_OUT.daysAgo)
  const others = coupons.filter(({ id }) => id !== SOLD_OUT.couponId)
  const wanted = DRAWN[daysAgo] ?? 0
  let [soldLeft, othersLeft] = [soldOut?.stock ?? 0, wanted]
  for (const { memberId, points } of await readSpenders(tx, random)) {
    if (soldLeft + othersLeft === 0) break
    if (soldOut && soldLeft > 0 && points >= soldOut.costPoints) {
      if (await redeem(tx, drawn(random, memberId, soldOut), options)) soldLeft -= 1
      continue
    }
    const affordable = others.filter(({ costPoints }) => costPoints <= points)
    if (othersLeft === 0 || affordable.length === 0) continue
    if (await redeem(tx, drawn(random, memberId, pick(random, affordable)), options)) othersLeft -= 1
  }
  return made + (soldOut?.stock ?? 0) - soldLeft + wanted - othersLeft
}

function drawn(random: Random, memberId: string, { id }: DemoCoupon): Redemption {
  const usedAfterDays = integer(random, 1, 30)
  return { memberId, couponId: id, ...(chance(random, USED_SHARE) ? { usedAfterDays } : {}) }
}

function isForAll(
  { startDay = 0, endDay = Number.POSITIVE_INFINITY, minTierRank = 0 }: DemoCoupon,
  day: number,
): boolean {
  return startDay <= day && day < endDay && minTierRank === 0
}

/** Members of the demo with points to spend, in random order, the designed ones aside. */
async function readSpenders(tx: CopyTx, random: Random): Promise<{ memberId: string; points: number }[]> {
  const rows = await tx.sql<{ memberId: string; points: number }>`
    select member.id as "memberId", account.available as points
    from member join member_account account on account.member_id = member.id
    where member.source = ${DEMO_SOURCE} and account.available > 0
      and not member.id = any (${designs.map(({ id }) => id)}::text[])
    order by member.id`
  return shuffle(random, rows)
}

async function redeem(
  tx: CopyTx,
  { memberId, couponId, usedAfterDays }: Redemption,
  { shop, daysAgo, until, secretBytes }: RedeemOptions,
): Promise<boolean> {
  const key = `demo ${daysAgo} days ago ${memberId}`
  const outcome = await redeemCoupon(tx, { memberId, couponId, quantity: 1, key, at: until, secretBytes })
  if (!outcome.ok) return false
  const usedDay = shop.calendar.days - daysAgo + (usedAfterDays ?? 0)
  if (usedAfterDays === undefined || usedDay >= shop.calendar.days) return true
  for (const code of outcome.receipt.codes) {
    await useCode(tx, { code, ref: `demo sale of ${memberId}`, at: shop.calendar.at(usedDay, 15) })
  }
  return true
}
