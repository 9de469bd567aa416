import type { Gift } from '../../core/assist/goodwill'
import { appendEntry } from '../../core/handoff/messages'
import type { Tx } from '../../db/sql'
import { sayAll, type Voice } from './bot-speaks'
import type { DeskHub } from './desk-hub'
import { giftText } from './gift-words'
import type { Handed } from './hand-over'

export interface GiftTellerDeps extends Pick<Voice, 'hub' | 'outbox' | 'botName'> {
  readonly deskHub: Pick<DeskHub, 'appended'>
}

/** Tells a member of one gift. */
export interface GiftTeller {
  /** Stores the words in the transaction that gives it. */
  tell(tx: Tx, gift: Gift): Promise<void>
  /** Sends them on their way, once that is committed. */
  committed(): void
}

export function createGiftTeller(deps: GiftTellerDeps, { timeZone }: { timeZone: string }): GiftTeller {
  const handed: Handed[] = []
  let told: Gift | undefined
  return {
    async tell(tx, gift) {
      const { request, staff, key, at } = gift
      const text = giftText(gift, { staff: staff.displayName, timeZone })
      const words = { request, replies: [{ text }], locale: request.locale, isGroup: false, at }
      handed.push(...(await sayAll(tx, deps, words)))
      const outboxId = handed[0]?.outboxId ?? undefined
      const entry = { requestId: request.id, author: 'desk' as const, text, key: `goodwill|${key}`, at }
      await appendEntry(tx, { ...entry, ...(outboxId === undefined ? {} : { outboxId }) })
      told = gift
    },
    committed() {
      for (const each of handed) each.committed()
      if (told) deps.deskHub.appended(told.request.id, told.request.staffId)
    },
  }
}
