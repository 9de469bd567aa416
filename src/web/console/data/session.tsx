import { createContext, useContext } from 'react'
import type { Me, SessionView } from '../../../http/api/console/types'

export type SignedIn = Extract<SessionView, { state: 'signed-in' }>

/** The signed-in person, and what may be done about it. */
export interface Session extends SignedIn {
  /** Asks the server again who is signed in. */
  readonly refresh: () => void
  readonly change: (me: Partial<Me>) => void
  readonly signOut: (everywhere: boolean) => void
}

export const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('only for what stands below the signed-in part')
  return session
}
