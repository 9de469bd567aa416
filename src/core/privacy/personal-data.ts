import type { Db } from '../../db/sql'

/** Something that is kept about a person and goes with them. */
interface Personal {
  readonly what: string
  /** @returns how many rows were forgotten; the same members again find none */
  forget(db: Db, options: { memberIds: readonly string[] }): Promise<readonly object[]>
}

/**
 * All that tells of a person, in the order in which it can be forgotten: the conversations are found by who spoke in them. A new table
 * that holds a member's words, contact or traits is an entry here. What the books need stays under the member's number: orders,
 * points, coupons, changes of tier and of consent, who was dealt to what.
 */
export const personalData: readonly Personal[] = [
  {
    what: 'conversations',
    forget: (db, { memberIds }) => db.sql`
      with chat as (
        select channel, conversation_id, max(spoken_until) as spoken_until
        from chat_of_member where member_id = any (${memberIds}::text[]) group by 1, 2
      ), log as (
        -- A web chat that is open still goes on counting from the last place.
        update directline_activity set activity = '{"type":"trace"}', client_activity_id = null from chat
        where chat.channel = 'directline' and directline_activity.conversation_id = chat.conversation_id
          and created_at <= spoken_until and activity <> '{"type":"trace"}'
      ), waiting as (
        delete from outbox using chat where outbox.channel = chat.channel and outbox.conversation_id = chat.conversation_id
          and outbox.created_at <= spoken_until
      ), turns as (
        update inbox set said = null, replies = null, response = null from chat
        where inbox.channel = chat.channel and inbox.conversation_id = chat.conversation_id and received_at <= spoken_until
          and (said is not null or replies is not null or response is not null)
      ), moved_out as (
        -- Who writes in the chat from now on is not looked for under the member's number.
        update handoff_request set conversation_id = 'erased ' || id, external_id = 'erased ' || id
        where member_id = any (${memberIds}::text[]) and status in ('returned', 'closed')
          and conversation_id <> 'erased ' || id
      )
      delete from conversation_state using chat
      where conversation_state.channel = chat.channel and conversation_state.conversation_id = chat.conversation_id
        and updated_at <= spoken_until
      returning chat.conversation_id`,
  },
  {
    what: 'deskMessages',
    forget: (db, { memberIds }) => db.sql`
      with request as (
        select request.id, erased_at, status in ('returned', 'closed') as is_over
        from handoff_request request join member on member.id = member_id where member_id = any (${memberIds}::text[])
      ), asked as (
        update handoff_request set said = '', csat_word = null, log_seq = null from request
        where handoff_request.id = request.id and (said <> '' or csat_word is not null or log_seq is not null)
      ), noted as (
        update handoff_event set note = null from request where request_id = request.id and note is not null
      ), given as (
        update goodwill set reason = '' from request where request_id = request.id and reason <> ''
      )
      -- What is said from now on where a person still has the conversation is read first, and goes when it is over.
      update desk_message set text = '', data = null, external_id = case when is_over then 'erased ' || seq else external_id end
      from request
      where request_id = request.id and (is_over or at <= erased_at)
        and (text <> '' or data is not null or (is_over and external_id <> 'erased ' || seq)) returning seq`,
  },
  {
    what: 'mails',
    forget: (db, { memberIds }) => db.sql`
      delete from mail using member
      where member.id = any (${memberIds}::text[]) and lower(mail.recipient) = lower(member.email) returning mail.id`,
  },
  {
    what: 'linkCodes',
    forget: (db, { memberIds }) =>
      db.sql`delete from link_code where member_id = any (${memberIds}::text[]) returning id`,
  },
  {
    what: 'identities',
    forget: (db, { memberIds }) =>
      db.sql`delete from channel_identity where member_id = any (${memberIds}::text[]) returning channel`,
  },
  {
    what: 'messageAddresses',
    forget: (db, { memberIds }) => db.sql`
      update campaign_message set conversation_id = null, activity_id = null, last_error = null
      where member_id = any (${memberIds}::text[]) and status not in ('queued', 'sending')
        and (conversation_id is not null or activity_id is not null or last_error is not null) returning member_id`,
  },
  {
    what: 'consents',
    forget: (db, { memberIds }) =>
      db.sql`delete from message_consent where member_id = any (${memberIds}::text[]) returning kind`,
  },
  {
    what: 'consultations',
    forget: (db, { memberIds }) =>
      db.sql`delete from consultation where member_id = any (${memberIds}::text[]) returning topic`,
  },
  {
    what: 'events',
    forget: (db, { memberIds }) =>
      db.sql`delete from member_event where member_id = any (${memberIds}::text[]) returning kind`,
  },
  {
    what: 'scores',
    forget: (db, { memberIds }) => db.sql`
      with gone as (select unnest(${memberIds}::text[]) as member_id),
      segment as (delete from member_segment using gone where member_segment.member_id = gone.member_id returning 1),
      churn as (delete from member_churn using gone where member_churn.member_id = gone.member_id returning 1),
      item as (delete from member_item using gone where member_item.member_id = gone.member_id returning 1)
      select * from segment union all select * from churn union all select * from item`,
  },
  {
    what: 'profiles',
    forget: (db, { memberIds }) => db.sql`
      update member set display_name = null, email = null, locale = null, time_zone = null
      where id = any (${memberIds}::text[])
        and (display_name is not null or email is not null or locale is not null or time_zone is not null) returning id`,
  },
]
