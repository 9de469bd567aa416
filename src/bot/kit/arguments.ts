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

/** An instant argument (ISO 8601), or undefined. */
export function instantArgument(action: Action | undefined, name: string): Date | undefined {
  const value = textArgument(action, name)
  if (value === undefined) return undefined
  const at = new Date(value)
  return Number.isNaN(at.getTime()) ? undefined : at
}
