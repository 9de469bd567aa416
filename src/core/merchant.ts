import { z } from 'zod'
import type { Db } from '../db/sql'
import { goodwillLimits } from './assist/goodwill-limits'
import { supportHours } from './handoff/hours'
import type { Localised } from './locale'
import { defaultEarnRules, earnRuleUse } from './points/earn-rules'

/**
 * What a merchant may set, with what holds where nothing is set. Stored in `merchant.settings`; a value of the wrong
 * shape throws with its path when it is read.
 */
export const merchantSettings = z.object({
  /** What an order earns: the sum over these rules. */
  earnRules: z.array(earnRuleUse).default(defaultEarnRules),
  /** How long points of a live order stay pending, so that a return takes them back before they are spent. */
  pendingDays: z.int().min(0).max(365).default(14),
  /** Points expire at the end of the month this many months after they were earned. */
  expiryMonths: z.int().min(1).max(120).default(24),
  /** The share of members who get no message that the merchant begins, so that the worth of all of them can be told. */
  globalHoldoutShare: z.number().min(0).max(0.5).default(0.05),
  /** Days that must lie between two messages to a member, whatever the campaigns. */
  messageEveryDays: z.int().min(0).max(365).default(7),
  /** Hours of the member's own day in which no message is sent: from (its beginning) until. */
  quietHours: z.object({ from: z.int().min(0).max(23), until: z.int().min(0).max(23) }).default({ from: 21, until: 9 }),
  /** The desk: when people are there (always, where nothing is set), and after how long an agent who is silent loses a request. */
  desk: z
    .object({
      hours: supportHours,
      silentMinutes: z.int().min(1).max(240).default(5),
      /** Those who wait and write hear how the queue stands, at most so often. */
      tellEveryMinutes: z.int().min(1).max(60).default(3),
      /** What agents may give, by role. */
      goodwill: goodwillLimits,
    })
    .prefault({}),
  /** Stock codes that are no goods (postage, discounts, manual corrections): never recommended, nobody "buys them again". */
  serviceSkus: z
    .array(z.string())
    .default(['POST', 'DOT', 'C2', 'D', 'M', 'm', 'S', 'B', 'PADS', 'CRUK', 'AMAZONFEE', 'BANK CHARGES']),
})

export type MerchantSettings = z.infer<typeof merchantSettings>

/** Whose programme this is. */
export interface Merchant {
  readonly name: Localised
  /** IANA name; months and days of the programme end by its calendar. */
  readonly timeZone: string
  /** ISO 4217. */
  readonly currency: string
  readonly settings: MerchantSettings
}

/** The merchant of a database that nobody has set up: an invented tea and home shop. */
export const defaultMerchant: Merchant = {
  name: { en: 'Kettlewick Tea & Home', zh: '壶光茶居' },
  timeZone: 'Europe/London',
  currency: 'GBP',
  settings: merchantSettings.parse({}),
}

/** The merchant as it is stored. */
export interface MerchantRow {
  nameEn: string
  nameZh: string
  timeZone: string
  currency: string
  settings: unknown
}

/** The merchant of this database; `defaultMerchant` while there is none. */
export async function readMerchant(db: Db): Promise<Merchant> {
  const [row] = await db.sql<MerchantRow>`
    select name_en as "nameEn", name_zh as "nameZh", time_zone as "timeZone", currency, settings
    from merchant where id = 1`
  return merchantOfRow(row)
}

/** The merchant that a stored row means; `defaultMerchant` where there is none. */
export function merchantOfRow(row: MerchantRow | null | undefined): Merchant {
  if (!row) return defaultMerchant
  return {
    name: { en: row.nameEn, zh: row.nameZh },
    timeZone: row.timeZone,
    currency: row.currency,
    settings: settingsOf(row.settings),
  }
}

/** What was read last and what it meant: every turn reads the same. */
let lastRead: { readonly text: string; readonly settings: MerchantSettings } | undefined

function settingsOf(stored: unknown): MerchantSettings {
  const text = JSON.stringify(stored)
  if (lastRead && lastRead.text === text) return lastRead.settings
  const { data, error } = merchantSettings.safeParse(stored)
  if (error) throw new Error(`merchant.settings is wrong: ${z.prettifyError(error)}`, { cause: error })
  lastRead = { text, settings: data }
  return data
}

/** Makes sure that there is a merchant: writes `defaultMerchant` where there is none, and changes nothing otherwise. */
export async function ensureMerchant(db: Db, { at }: { at: Date }): Promise<void> {
  const { name, timeZone, currency } = defaultMerchant
  // Settings stay empty, so that a later release's better defaults reach merchants who never chose.
  await db.sql`
    insert into merchant (id, name_en, name_zh, time_zone, currency, settings, created_at)
    values (1, ${name.en}, ${name.zh}, ${timeZone}, ${currency}, '{}', ${at})
    on conflict (id) do nothing`
}
