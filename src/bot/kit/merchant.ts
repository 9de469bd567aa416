import { type Merchant, readMerchant } from '../../core/merchant'
import type { Db } from '../../db/sql'
import type { Turn } from '../contract'

const byDb = new WeakMap<Db, Promise<Merchant>>()

/** The merchant, read once a turn: its time zone and currency stand in most replies. */
export function merchantOf({ db }: Turn): Promise<Merchant> {
  let merchant = byDb.get(db)
  if (!merchant) {
    merchant = readMerchant(db)
    byDb.set(db, merchant)
  }
  return merchant
}

/** Spares a turn the question: its beginning brought the merchant along. */
export function rememberMerchant(db: Db, merchant: Merchant): void {
  byDb.set(db, Promise.resolve(merchant))
}
