import type { Role } from '../../../core/staff/role'
import type { ApiRequest, ApiResponse } from '../../route'

/** The signed-in person as operations need them. */
export interface Staff {
  readonly id: number
  readonly displayName: string
  readonly role: Role
  readonly locale: 'en' | 'zh'
}

export type Admission =
  | { readonly ok: true; readonly staff: Staff }
  | { readonly ok: false; readonly response: ApiResponse }

/**
 * Says who sends a request, if they may: 401 `signed-out` without a session in force, 403 `role-needed` below the role,
 * 403 `foreign-origin` for a write that another site's page sends.
 */
export type StaffAccess = (request: ApiRequest, atLeast: Role) => Promise<Admission>
