import { type Check, FAULTS_SHOWN_MAX } from '../points/checks/check'

/** Invariants of members who were erased. */
export const privacyChecks: readonly Check[] = [
  {
    invariant: 'erased-members-are-gone',
    says: 'of a member who was erased nothing is kept but what the books need, under the number',
    find: (db) => db.sql`
      with erased as (
        select id as erased_id, erased_at, display_name, email, locale, time_zone from member where erased_at is not null
      ), request as (
        select request.id as request_id, erased_id, erased_at, said, csat_word, conversation_id, closed_at
        from handoff_request request join erased on erased_id = request.member_id
      ), kept (member_id, what) as (
        select erased_id, 'profile' from erased where coalesce(display_name, email, locale, time_zone) is not null
        union all select erased_id, 'identity' from erased join channel_identity on member_id = erased_id
        union all select erased_id, 'link code' from erased join link_code on member_id = erased_id
        union all select erased_id, 'consent' from erased join message_consent on member_id = erased_id
        union all select erased_id, 'consultation' from erased join consultation on member_id = erased_id
        union all select erased_id, 'event' from erased join member_event on member_id = erased_id
        union all select erased_id, 'segment' from erased join member_segment on member_id = erased_id
        union all select erased_id, 'churn' from erased join member_churn on member_id = erased_id
        union all select erased_id, 'item' from erased join member_item on member_id = erased_id
        union all select erased_id, 'chat' from erased join campaign_message on member_id = erased_id
          where conversation_id is not null and status not in ('queued', 'sending')
        union all select erased_id, 'question' from request where coalesce(nullif(said, ''), csat_word) is not null
        union all select erased_id, 'chat' from request where closed_at <= erased_at and conversation_id <> 'erased ' || request_id
        -- What is said in a conversation that is open still goes when it is over.
        union all select erased_id, 'desk message' from request join desk_message using (request_id)
          where text <> '' and at <= erased_at
      )
      select member_id as "memberId", what, count(*) as rows from kept group by 1, 2 order by 1, 2 limit ${FAULTS_SHOWN_MAX}`,
  },
]
