import type { Role } from '../../../core/staff/role'

/** From the least to the most. Only for what is shown: the server judges each request by itself. */
export const roles: readonly Role[] = ['agent', 'supervisor', 'manager', 'administrator']

/** Whether a role may do what needs at least another. */
export function isAtLeast(role: Role, atLeast: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(atLeast)
}
