import type { StaffAccount } from '../../../core/staff/account'
import type { Me } from './types'

/** An account as its owner, and colleagues, see it. */
export function meOf(account: StaffAccount): Me {
  const { isDisabled: _, lockedUntil: __, ...me } = account
  return me
}
