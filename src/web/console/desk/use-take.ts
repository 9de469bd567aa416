import { useCallback } from 'react'
import type { RequestRow } from '../../../http/api/console/types'
import { post } from '../data/ask'
import { useDesk } from '../data/desk'
import { goTo } from '../data/use-route'
import { useTell } from '../parts/tell'

/** Taking somebody who waits: the next by the routing's order, or one of one's own choice. */
export function useTake() {
  const { reload } = useDesk()
  const tell = useTell()
  const takeNext = useCallback(async () => {
    const answer = await post<{ request?: RequestRow; id?: number }>('requests/next')
    reload()
    if (!answer.ok) return tell.refused(answer)
    const requestId = answer.body.request?.id ?? answer.body.id
    if (requestId !== undefined) goTo({ page: 'desk', requestId })
  }, [reload, tell.refused])
  const accept = useCallback(
    async ({ id, version }: RequestRow) => {
      const answer = await post(`requests/${id}/accept`, { version })
      reload()
      if (answer.ok) goTo({ page: 'desk', requestId: id })
      else tell.refused(answer)
      return answer.ok
    },
    [reload, tell.refused],
  )
  return { takeNext, accept }
}
