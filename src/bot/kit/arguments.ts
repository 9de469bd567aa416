import type { Action } from '../contract'

// A button's arguments come back from the client, which may send anything.

/** A text argument of at most 200 characters, or undefined. */
export function textArgument(action: Action | undefined, name: string): string | undefined {
  const value = action?.args[name]
  return typeof value === 'string' && value.length > 0 && value.length <= 200 ? value : undefined
}

/** A whole-number argument within bounds, or undefined. Card inputs send numbers as text. */
export function numberArgument(
  action: Action | undefined,
  name: string,
  { min, max }: { min: number; max: number },
): number | undefined {
  const raw = action?.args[name]
  const value = typeof raw === 'string' && /^\d{1,9}$/.test(raw) ? Number(raw) : raw
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined
}

/** A list of short texts, at most `max` of them; empty where there is none. */
export function textsArgument(action: Action | undefined, name: string, { max }: { max: number }): readonly string[] {
  const value = action?.args[name]
  if (!Array.isArray(value) || value.length > max) return []
  return value.filter((each): each is string => typeof each === 'string' && each.length <= 200)
}
