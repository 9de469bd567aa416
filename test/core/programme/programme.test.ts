import { secretBytes } from '../../../src/core/clock'
import { redeemCoupon } from '../../../src/core/coupons/redeem'
import { adjust } from '../../../src/core/points/adjust'
import { programmeFile } from '../../../src/core/programme/file'
import { putProgramme } from '../../../src/core/programme/put'
import { readProgramme } from '../../../src/core/programme/read'
import { ensureCoupons } from '../../../src/core/programme/starter'
import { ensureTiers } from '../../../src/core/tiers/ladder'
import { useDatabase } from '../../support/database'

const database = useDatabase()
const at = new Date('2026-03-01T10:00:00Z')
const put = (content: unknown) => putProgramme(database.current(), { programme: programmeFile.parse(content), at })

const teapot = {
  id: 'teapot',
  kind: 'free-item',
  name: { en: 'Teapot', zh: '茶壶' },
  sku: 'T1',
  costPoints: 900,
  stock: 10,
}
const merchant = { name: { en: 'Shop', zh: '店' }, timeZone: 'Asia/Shanghai', currency: 'CNY' }

describe('a programme', () => {
  it('gets something to spend points on where there is nothing, once', async () => {
    await put({ merchant })
    expect(await ensureCoupons(database.current(), { at })).toBe(4)
    expect(await ensureCoupons(database.current(), { at })).toBe(0)
    const { coupons = [] } = await readProgramme(database.current())
    expect(coupons.find(({ id }) => id === 'starter-off-5')?.name).toEqual({
      en: 'CN¥5 off your order',
      zh: '订单立减 ¥5',
    })
  })

  it('is put as it is shown, and twice changes nothing', async () => {
    await ensureTiers(database.current())
    expect(await put({ coupons: [teapot] })).toEqual({ ok: true, merchant: false, tiers: 0, coupons: 1 })
    const before = await readProgramme(database.current())
    expect((await put(before)).ok).toBe(true)
    expect(await readProgramme(database.current())).toEqual(before)
    expect(before.merchant).toEqual(merchant)
    expect(before.tiers).toHaveLength(4)
  })

  it('changes what is named and leaves the rest; tiers may swap ranks', async () => {
    await put({ coupons: [{ ...teapot, costPoints: 950 }] })
    const [silver, gold] = [
      { code: 'silver', rank: 2, name: { en: 'Silver', zh: '银' }, thresholdMinor: 60_000 },
      { code: 'gold', rank: 1, name: { en: 'Gold', zh: '金' }, thresholdMinor: 200_000 },
    ]
    expect((await put({ tiers: [silver, gold] })).ok).toBe(true)
    const { coupons = [], tiers = [] } = await readProgramme(database.current())
    expect(coupons.find(({ id }) => id === 'teapot')?.costPoints).toBe(950)
    expect(coupons).toHaveLength(5)
    expect(tiers.map(({ code }) => code)).toEqual(['member', 'gold', 'silver', 'platinum'])
  })

  it('refuses a rank that another tier holds', async () => {
    const clash = { code: 'new', rank: 3, name: { en: 'New', zh: '新' }, thresholdMinor: 1 }
    expect(await put({ tiers: [clash] })).toMatchObject({ ok: false, code: 'unknown-tier-left' })
  })

  it('refuses another currency than that of the orders', async () => {
    const db = database.current()
    await db.sql`
      insert into shop_order (source, external_id, kind, status, placed_at, total_minor, currency)
      values ('test', '1', 'sale', 'delivered', ${at}, 100, 'CNY')`
    expect(await put({ merchant: { ...merchant, currency: 'EUR' } })).toMatchObject({ code: 'merchant-fixed' })
    expect((await put({ merchant })).ok).toBe(true)
  })

  it('refuses a stock below what is out', async () => {
    const db = database.current()
    await db.sql`
      insert into member (id, source, joined_at, tier_code, tier_reviewed_at) values ('A', 'test', ${at}, 'member', ${at})`
    await adjust(db, { memberId: 'A', points: 9_000, source: 'test', externalId: 'gift', note: 'for the test', at })
    const redeemed = await redeemCoupon(db, {
      memberId: 'A',
      couponId: 'teapot',
      quantity: 3,
      key: 'k',
      at,
      secretBytes,
    })
    expect(redeemed.ok).toBe(true)
    expect(await put({ coupons: [{ ...teapot, stock: 2 }] })).toMatchObject({ ok: false, code: 'stock-below-issued' })
    expect((await put({ coupons: [{ ...teapot, stock: 3 }] })).ok).toBe(true)
    const another = await redeemCoupon(db, {
      memberId: 'A',
      couponId: 'teapot',
      quantity: 1,
      key: 'l',
      at,
      secretBytes,
    })
    expect(another).toMatchObject({ ok: false, code: 'coupon-sold-out' })
  })

  it.each([
    ['percent off without a value', { ...teapot, kind: 'percent-off', sku: undefined }, 'value'],
    ['a free item without a sku', { ...teapot, sku: undefined }, 'sku'],
    ['free shipping of an item', { ...teapot, kind: 'free-shipping' }, 'sku'],
    [
      'an end before the start',
      { ...teapot, startsAt: '2026-02-01T00:00:00Z', endsAt: '2026-01-01T00:00:00Z' },
      'endsAt',
    ],
    ['points for nothing', { ...teapot, costPoints: 0 }, 'costPoints'],
    ['a fraction of a point', { ...teapot, costPoints: 1.5 }, 'costPoints'],
    ['one language only', { ...teapot, name: { en: 'Teapot' } }, 'zh'],
    ['a word nobody knows', { ...teapot, colour: 'blue' }, ''],
  ])('names what is wrong: %s', (_what, coupon, path) => {
    const parsed = programmeFile.safeParse({ coupons: [coupon] })
    expect(parsed.success).toBe(false)
    expect(parsed.error?.issues.map((issue) => issue.path.at(-1))).toContain(path === '' ? 0 : path)
  })
})
