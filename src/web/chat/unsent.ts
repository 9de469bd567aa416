import type { Memory } from './memory'
import type { Outgoing } from './model/transcript'

const memoryKey = 'regulars:unsent'

interface Unsent {
  readonly conversationId: string
  readonly unsent: readonly Outgoing[]
}

/** What this tab had not yet got to the server when its page went away. Sending it again with its id does no harm. */
export function readUnsent(memory: Memory, conversationId: string): readonly Outgoing[] {
  const stored = JSON.parse(memory.get(memoryKey) ?? 'null') as Unsent | null
  return stored?.conversationId === conversationId ? stored.unsent : []
}

/** Keeps them for the tab's next page. */
export function writeUnsent(memory: Memory, { conversationId, unsent }: Unsent): void {
  memory.set(memoryKey, unsent.length === 0 ? undefined : JSON.stringify({ conversationId, unsent }))
}
