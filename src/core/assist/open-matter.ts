import type { Db } from '../../db/sql'
import type { Localised } from '../locale'

/** What the bot was asking when a person was asked for. */
export type OpenMatter =
  | {
      readonly kind: 'redemption'
      /** What was to be redeemed; null where none was chosen yet. */
      readonly coupon: Localised | null
      readonly quantity: number | null
    }
  | { readonly kind: 'question'; readonly title: Localised }

interface Row {
  conversation: string
  quantity: number | null
  nameEn: string | null
  nameZh: string | null
}

const REDEMPTION = 'redeem-coupon'

/**
 * The question that a conversation left open with the bot; null where there is none. `titleOf` names the bot's
 * conversations; one without a name is none that an agent could make something of.
 */
export async function readOpenMatter(
  db: Db,
  {
    channel,
    conversationId,
    titleOf,
  }: { channel: string; conversationId: string; titleOf: (conversation: string) => Localised | undefined },
): Promise<OpenMatter | null> {
  const [row] = await db.sql<Row>`
    select open.question ->> 'conversation' as conversation,
      case when jsonb_typeof(open.question #> '{data,quantity}') = 'number' then (open.question #>> '{data,quantity}')::int end
        as quantity,
      coupon.name_en as "nameEn", coupon.name_zh as "nameZh"
    from conversation_state stored
      cross join lateral (select stored.state #> '{engine,stack,-1}' as question) open
      left join coupon on coupon.id = open.question #>> '{data,couponId}'
    where stored.channel = ${channel} and stored.conversation_id = ${conversationId}
      and open.question ->> 'kind' = 'question'`
  if (!row) return null
  if (row.conversation === REDEMPTION) {
    const coupon = row.nameEn !== null && row.nameZh !== null ? { en: row.nameEn, zh: row.nameZh } : null
    return { kind: 'redemption', coupon, quantity: coupon === null ? null : row.quantity }
  }
  const title = titleOf(row.conversation)
  return title ? { kind: 'question', title } : null
}
