import { useState } from 'react'
import type { RequestRow } from '../../../http/api/console/types'
import { post } from '../data/ask'
import { useDesk } from '../data/desk'
import { useTell } from '../parts/tell'

export interface DialogProps {
  readonly opened: boolean
  readonly row: RequestRow
  readonly onChanged: () => void
  readonly onClose: () => void
}

/** Moves a conversation on. A refusal says why; what is shown is loaded again either way. */
export function useTransition({ row, onChanged, onClose }: DialogProps) {
  const { reload } = useDesk()
  const tell = useTell()
  const [busy, setBusy] = useState(false)
  const move = async (kind: 'transfer' | 'return' | 'close', body: object, done: string): Promise<void> => {
    setBusy(true)
    const answer = await post(`requests/${row.id}/${kind}`, { version: row.version, ...body })
    setBusy(false)
    onClose()
    if (answer.ok) tell.done(done)
    else tell.refused(answer)
    reload()
    onChanged()
  }
  return { busy, move }
}
