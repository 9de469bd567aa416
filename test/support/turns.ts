import { createHash } from 'node:crypto'
import type { Action, Entities, Turn, Understanding } from '../../src/bot/contract'
import type { Engine, Outcome } from '../../src/bot/engine/engine'
import { createProductIndex, type ProductIndex } from '../../src/bot/nlu/product-index'
import { loadNames } from '../../src/core/catalog/read'
import type { Locale } from '../../src/core/locale'
import type { Database } from '../../src/db/open'
import type { Tx } from '../../src/db/sql'

/** The day of every conversation in the tests: a Sunday morning in London. */
export const NOW = new Date('2026-11-22T10:00:00Z')

export const NO_ENTITIES: Entities = {
  numbers: [],
  couponCodes: [],
  orderCodes: [],
  emails: [],
  products: [],
  categories: [],
}

/** Secrets that are the same in each run: what is drawn depends only on how many were drawn before. */
export function countedSecrets(seed: string) {
  let drawn = 0
  return (length: number): Buffer => {
    drawn += 1
    const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, block) =>
      createHash('sha256').update(`${seed} ${drawn} ${block}`).digest(),
    )
    return Buffer.concat(blocks).subarray(0, length)
  }
}

/** Who talks, and where. */
export interface Person {
  memberId?: string
  displayName?: string
  userId?: string
  isGroup?: boolean
  locale?: Locale
}

export interface Chat {
  say(text: string, from?: Person): Promise<Outcome>
  press(verb: string, args?: Action['args'], from?: Person): Promise<Outcome>
  welcome(): Promise<Outcome>
  /** What would be in the database. */
  state(): unknown
  /** Who the next turns come from. */
  become(person: Person): void
  at(now: Date): void
}

/**
 * A conversation with the engine on a database: each turn in a transaction of its own, the state through JSON between
 * turns as it is when stored.
 */
export function openChat({
  database,
  engine,
  recognise,
  person,
  name = 'test',
  catalogue = false,
}: {
  database: Pick<Database, 'tx'>
  engine: () => Engine
  recognise: (said: string, locale: Locale) => Understanding
  person: Person
  name?: string
  /** Whether products are found by what they are called, as in a process that has read the catalogue. */
  catalogue?: boolean
}): Chat {
  let who = person
  let now = NOW
  let stored: string | undefined
  let turns = 0
  let products: ProductIndex | undefined
  const secretBytes = countedSecrets(name)
  const run = async (said: string, action: Action | undefined, from: Person, welcome = false): Promise<Outcome> => {
    turns += 1
    const state = stored === undefined ? undefined : JSON.parse(stored)
    const locale = (state as { locale?: Locale } | undefined)?.locale ?? from.locale ?? 'en'
    const outcome = await database.tx(async (db: Tx) => {
      const linked = await identityOf(db, from, name)
      if (catalogue) products ??= createProductIndex(await loadNames(db))
      const turn: Turn = {
        key: `test|${name}|${turns}`,
        now,
        db,
        secretBytes,
        locale,
        channel: 'test',
        conversationId: name,
        userId: from.userId ?? `user of ${name}`,
        tenantId: 'test',
        isGroup: from.isGroup ?? false,
        ...(linked ? { member: linked } : {}),
        said,
        ...(action ? { action } : {}),
        understood:
          action || said === ''
            ? { locale, intent: 'none', score: 0, alternatives: [], entities: NO_ENTITIES }
            : recognise(said, locale),
        ...(products ? { findProducts: products.find } : {}),
      }
      return welcome ? engine().welcome({ turn, state }) : engine().run({ turn, state })
    })
    stored = JSON.stringify(outcome.state)
    return outcome
  }
  return {
    say: (text, from = who) => run(text, undefined, from),
    press: (verb, args = {}, from = who) => run('', { verb, args }, from),
    welcome: () => run('', undefined, who, true),
    state: () => (stored === undefined ? undefined : JSON.parse(stored)),
    become: (person) => {
      who = person
    },
    at: (at) => {
      now = at
    },
  }
}

/** As the pipeline finds it: the link in the database first, else whom the test says it is. */
async function identityOf(db: Tx, from: Person, name: string): Promise<Turn['member']> {
  const userId = from.userId ?? `user of ${name}`
  const rows = await db.sql<{ id: string; displayName: string | null }>`
    select m.id, m.display_name as "displayName"
    from member m left join channel_identity i on i.member_id = m.id
    where (i.channel = 'test' and i.tenant_id = 'test' and i.user_id = ${userId}) or m.id = ${from.memberId ?? null}`
  const [row] = rows
  if (row) return { id: row.id, ...(row.displayName === null ? {} : { displayName: row.displayName }) }
  return from.memberId === undefined
    ? undefined
    : { id: from.memberId, ...(from.displayName === undefined ? {} : { displayName: from.displayName }) }
}
