import type { Db } from '../../db/sql'

/** A way to send one e-mail. Rejects when it could not be handed over. */
export interface MailTransport {
  send(mail: { recipient: string; subject: string; body: string }): Promise<void>
}

const ATTEMPTS_MAX = 8

interface ClaimedMail {
  id: number
  recipient: string
  subject: string
  body: string
  attempts: number
}

/**
 * Hands over the e-mails that wait, oldest first, and marks each as sent. One that fails is tried again at the next
 * calls, 8 times in all, then marked `failed` with the last error. Several processes may call it at once.
 * A process killed between handing over and marking leaves the e-mail claimed for two minutes, then it is sent again:
 * a code twice is harmless, a code never is not. One that is sent, or failed for good, keeps no text: it may hold a code.
 */
export async function deliverMail(
  db: Db,
  { transport, at, limit = 20 }: { transport: MailTransport; at: Date; limit?: number },
): Promise<{ sent: number; failed: number }> {
  const claimedUntil = new Date(at.getTime() + 120_000)
  const claimed = await db.sql<ClaimedMail>`
    update mail set attempts = attempts + 1, next_attempt_at = ${claimedUntil}
    where id in (
      select id from mail where status = 'pending' and next_attempt_at <= ${at}
      order by id limit ${limit} for update skip locked
    )
    returning id, recipient, subject, body, attempts`
  let sent = 0
  for (const mail of claimed.sort((a, b) => a.id - b.id)) {
    try {
      await transport.send(mail)
      await db.sql`update mail set status = 'sent', sent_at = ${at}, last_error = null, subject = '', body = '' where id = ${mail.id}`
      sent += 1
    } catch (error) {
      const status = mail.attempts >= ATTEMPTS_MAX ? 'failed' : 'pending'
      const retryAt = new Date(at.getTime() + 5_000 * 2 ** mail.attempts)
      await db.sql`
        update mail set status = ${status}, last_error = ${(error as Error).message}, next_attempt_at = ${retryAt},
          subject = case ${status} when 'failed' then '' else subject end, body = case ${status} when 'failed' then '' else body end
        where id = ${mail.id}`
    }
  }
  return { sent, failed: claimed.length - sent }
}

/** The newest e-mails, for the demo mailbox. */
export function listMail(
  db: Db,
  { limit }: { limit: number },
): Promise<{ id: number; recipient: string; subject: string; body: string; createdAt: Date }[]> {
  return db.sql`
    select id, recipient, subject, body, created_at as "createdAt" from mail order by id desc limit ${limit}`
}
