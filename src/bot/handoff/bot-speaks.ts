import type { SecretBytes } from '../../core/clock'
import type { HeldRequest } from '../../core/handoff/held-request'
import type { Tx } from '../../db/sql'
import { buttonsOf, messageOf } from '../activities'
import type { Action, Reply, Turn } from '../contract'
import type { Engine } from '../engine/engine'
import { localeIn } from '../engine/state'
import { storableJson } from '../turn/storable-json'
import { nothingUnderstood } from '../turn/understood'
import { type Handed, handOver, type Outlets } from './hand-over'

export interface Voice extends Outlets {
  readonly engine: Engine
  readonly secretBytes: SecretBytes
  /** How the bot is called in web chats. */
  readonly botName: string
}

interface PersonRow {
  version: number
  state: { engine?: unknown; welcomed?: boolean }
  userId: string
  tenantId: string
  isGroup: boolean
  memberId: string | null
  displayName: string | null
}

/**
 * Lets the engine speak in a conversation outside of a turn of the member's, as if they had pressed a button: what it asks
 * stays open, and what was put aside comes back. Under the conversation's lock; the state is saved with the replies.
 */
export async function botSpeaks(
  tx: Tx,
  voice: Voice,
  { request, action, at }: { request: HeldRequest; action: Action; at: Date },
): Promise<{ readonly handed: readonly Handed[]; readonly text: string }> {
  const { channel, conversationId } = request
  const [person] = await tx.sql<PersonRow>`
    select state.version, state.state, person.user_id as "userId", person.tenant_id as "tenantId", person.is_group as "isGroup",
      member.id as "memberId", member.display_name as "displayName"
    from conversation_state state cross join conversation_person(state.channel, state.conversation_id) person
      left join member on member.id = person.member_id
    where state.channel = ${channel} and state.conversation_id = ${conversationId}`
  if (!person) return { handed: [], text: '' }
  const turn = turnOf(tx, voice, { request, person, action, at })
  const { replies, state } = await voice.engine.run({ turn, state: person.state.engine })
  await tx.sql`
    update conversation_state set version = version + 1, updated_at = ${at},
      state = ${storableJson({ ...person.state, engine: state })}::jsonb
    where channel = ${channel} and conversation_id = ${conversationId} and version = ${person.version}`
  const locale = localeIn(state) ?? request.locale
  const handed = await sayAll(tx, voice, { request, replies, locale, isGroup: person.isGroup, at })
  return { handed, text: replies.map((reply) => reply.text).join('\n\n') }
}

/** Hands replies of ours to a conversation, in order. */
export async function sayAll(
  tx: Tx,
  voice: Omit<Voice, 'engine' | 'secretBytes'>,
  {
    request: { channel, conversationId },
    replies,
    locale,
    isGroup,
    at,
  }: { request: HeldRequest; replies: readonly Reply[]; locale: HeldRequest['locale']; isGroup: boolean; at: Date },
): Promise<Handed[]> {
  const from = { id: 'regulars', name: voice.botName, role: 'bot' }
  const buttons = buttonsOf(channel, { isGroup })
  const handed: Handed[] = []
  for (const reply of replies) {
    const activity = messageOf(reply, { locale, buttons })
    handed.push(await handOver(tx, voice, { channel, conversationId, activity, from, at }))
  }
  return handed
}

function turnOf(
  tx: Tx,
  { secretBytes }: Voice,
  { request, person, action, at }: { request: HeldRequest; person: PersonRow; action: Action; at: Date },
): Turn {
  const { id, version, channel, conversationId } = request
  const { userId, tenantId, isGroup, memberId, displayName } = person
  const locale = localeIn(person.state.engine) ?? request.locale
  const member = memberId === null ? undefined : { id: memberId, ...(displayName === null ? {} : { displayName }) }
  return {
    key: `desk|${id}|${version}`,
    now: at,
    db: tx,
    secretBytes,
    locale,
    channel,
    conversationId,
    userId,
    tenantId,
    isGroup,
    ...(member ? { member } : {}),
    said: '',
    action,
    understood: nothingUnderstood(locale),
  }
}
