import type { Turn } from '../contract'

/** The linked member's id. The engine starts personal conversations for linked members only; anything else is a bug. */
export function memberIdOf({ member }: Turn): string {
  if (!member) throw new Error('a personal conversation was started for a stranger')
  return member.id
}
