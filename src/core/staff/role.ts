/** What somebody of the merchant's may do, from the least to the most; each may do what those before may. */
export const ROLES = ['agent', 'supervisor', 'manager', 'administrator'] as const

export type Role = (typeof ROLES)[number]

/** Whether a role may do what needs at least another. */
export function isAtLeast(role: Role, atLeast: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(atLeast)
}
