import { useState } from 'react'
import type { Presence } from '../../../http/api/console/types'
import { post } from '../data/ask'
import { useDesk } from '../data/desk'
import { useSession } from '../data/session'
import { useTell } from './tell'

/** One's own presence, and a way to change it. */
export function usePresence() {
  const { me, change } = useSession()
  const { view, reload } = useDesk()
  const tell = useTell()
  const [busy, setBusy] = useState(false)
  // The server puts away those whose browser is gone: its lists know better than the session that was read once.
  const presence = view?.colleagues.find(({ id }) => id === me.id)?.presence ?? me.presence
  const choose = async (next: Presence): Promise<void> => {
    setBusy(true)
    const answer = await post('presence', { presence: next })
    setBusy(false)
    if (!answer.ok) return tell.refused(answer)
    change({ presence: next })
    reload()
  }
  return { presence, busy, choose }
}
