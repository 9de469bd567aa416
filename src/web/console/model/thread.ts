import type { Delivery, DeskMessage } from '../../../http/api/console/types'

/**
 * What was said in a request, as a value. The server counts its messages; they are shown in that order, each once,
 * however often and by whichever way they arrive.
 */
export interface Thread {
  /** In order of seq. */
  readonly messages: readonly DeskMessage[]
  /** Nothing was missing before this number: the first load began here. */
  readonly startSeq: number
}

export const emptyThread: Thread = { messages: [], startSeq: 0 }

/** What the first load brought. */
export function threadOf(messages: readonly DeskMessage[]): Thread {
  const first = messages[0]
  return received({ messages: [], startSeq: first ? first.seq - 1 : 0 }, messages)
}

/** Adds messages. Those that are there already change nothing but their delivery. */
export function received(thread: Thread, messages: readonly DeskMessage[]): Thread {
  const fresh = messages.filter((message) => message.seq > thread.startSeq)
  if (fresh.length === 0) return thread
  const bySeq = new Map(thread.messages.map((message) => [message.seq, message]))
  for (const message of fresh) bySeq.set(message.seq, message)
  return { ...thread, messages: [...bySeq.values()].sort((a, b) => a.seq - b.seq) }
}

/** Notes how the delivery of one message stands; of a message that has not come yet it is told again when it comes. */
export function deliveryChanged(thread: Thread, { seq, delivery }: { seq: number; delivery: Delivery }): Thread {
  const messages = thread.messages.map((message) => (message.seq === seq ? { ...message, delivery } : message))
  return { ...thread, messages }
}

/** The number up to which nothing is missing: where to catch up from. */
export function completeUpTo(thread: Thread): number {
  let seq = thread.startSeq
  for (const message of thread.messages) {
    if (message.seq !== seq + 1) break
    seq = message.seq
  }
  return seq
}

/** Whether a later message has come before an earlier one. */
export function hasGap(thread: Thread): boolean {
  const last = thread.messages.at(-1)
  return last !== undefined && completeUpTo(thread) < last.seq
}
