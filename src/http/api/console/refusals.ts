import type { PasswordRefusal } from '../../../core/staff/password-rules'
import { type ApiResponse, failure } from '../../route'

type AccountRefusal =
  | PasswordRefusal
  | 'wrong-credentials'
  | 'wrong-password'
  | 'no-password'
  | 'ticket-unknown'
  | 'set-up-already'
  | 'wrong-code'
  | 'email-taken'
  | 'unknown-staff'
  | 'disabled'
  | 'last-administrator'

const WEAK = 'weak-password'

/** By what the core refuses with: status, code and message of the answer. */
const ANSWERS: Readonly<Record<AccountRefusal, readonly [status: number, code: string, message: string]>> = {
  'password-too-short': [422, WEAK, 'a password has at least 12 characters'],
  'password-too-long': [422, WEAK, 'a password has at most 256 characters'],
  'password-has-email': [422, WEAK, 'the password is made of the e-mail address'],
  'password-has-name': [422, WEAK, 'the password is made of the name'],
  'password-too-common': [422, WEAK, 'the password is one of those that are tried first'],
  'wrong-credentials': [
    401,
    'wrong-credentials',
    'e-mail or password is wrong; after five wrong tries signing in pauses',
  ],
  'wrong-password': [403, 'wrong-password', 'that is not the present password'],
  'no-password': [409, 'no-password', 'there is no password yet; an invitation leads to one'],
  'ticket-unknown': [404, 'ticket-unknown', 'this invitation is unknown, was used, or is over'],
  'set-up-already': [409, 'set-up-already', 'somebody has an account already'],
  'wrong-code': [403, 'wrong-code', 'that is not the code that was printed at the start, or it is over'],
  'email-taken': [409, 'email-taken', 'somebody has this e-mail address already'],
  'unknown-staff': [404, 'unknown-staff', 'there is no such person'],
  disabled: [409, 'disabled', 'this account is disabled'],
  'last-administrator': [409, 'last-administrator', 'at least one administrator must remain'],
}

/** The answer to what the core refused. */
export function refused({ code }: { readonly code: AccountRefusal }): ApiResponse {
  const [status, name, message] = ANSWERS[code]
  return failure(status, name, message)
}
