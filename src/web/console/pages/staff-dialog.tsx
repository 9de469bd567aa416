import { Button, Group, Modal, Stack } from '@mantine/core'
import { useState } from 'react'
import type { StaffRow } from '../../../http/api/console/types'
import { post } from '../data/ask'
import { useWords } from '../data/language'
import { useSession } from '../data/session'
import { ConfirmDialog } from '../parts/confirm-dialog'
import { useTell } from '../parts/tell'
import { pageWords } from '../words/pages'
import { shellWords } from '../words/shell'
import { CopyLink } from './copy-link'
import { StaffFields, type StaffValues } from './staff-fields'

/** Changes somebody's role and skills, disables them, or makes them a new link to get in. */
export function StaffDialog({ row, onClose, onSaved }: { row: StaffRow; onClose: () => void; onSaved: () => void }) {
  const words = useWords(pageWords)
  const shell = useWords(shellWords)
  const tell = useTell()
  const { role, capacity, languages, topics, tiers, team } = row
  const [values, setValues] = useState<StaffValues>({ role, capacity, languages, topics, tiers, team })
  const [busy, setBusy] = useState(false)
  const [url, setUrl] = useState<string>()
  const change = async (body: object): Promise<void> => {
    setBusy(true)
    const answer = await post(`staff/${row.id}`, body)
    setBusy(false)
    if (!answer.ok) return tell.refused(answer)
    tell.done(shell.saved)
    onClose()
    onSaved()
  }
  const renew = async (): Promise<void> => {
    const answer = await post<{ invitationUrl: string }>(`staff/${row.id}/invitation`)
    if (answer.ok) setUrl(answer.body.invitationUrl)
    else tell.refused(answer)
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={words.editStaff(row.displayName)}
      size="lg"
      closeButtonProps={{ 'aria-label': shell.close }}
    >
      <Stack>
        <StaffFields values={values} onChange={setValues} />
        {url === undefined ? (
          <Button variant="subtle" className="start" onClick={() => void renew()}>
            {words.newLink}
          </Button>
        ) : (
          <CopyLink url={url} />
        )}
        <Group justify="space-between">
          <Disabling row={row} onChange={change} />
          <Group>
            <Button variant="default" onClick={onClose}>
              {shell.cancel}
            </Button>
            <Button loading={busy} disabled={values.languages.length === 0} onClick={() => void change(values)}>
              {shell.save}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  )
}

/** Nobody can lock themselves out. */
function Disabling({ row, onChange }: { row: StaffRow; onChange: (body: object) => Promise<void> }) {
  const words = useWords(pageWords)
  const { me } = useSession()
  const [isAsking, setAsking] = useState(false)
  if (row.id === me.id) return <span />
  if (row.disabled) {
    return (
      <Button variant="default" onClick={() => void onChange({ disabled: false })}>
        {words.enable}
      </Button>
    )
  }
  return (
    <>
      <Button variant="light" color="red" onClick={() => setAsking(true)}>
        {words.disable}
      </Button>
      <ConfirmDialog
        opened={isAsking}
        title={words.disableTitle(row.displayName)}
        note={words.disableNote}
        confirm={words.disable}
        isDangerous
        onClose={() => setAsking(false)}
        onConfirm={() => onChange({ disabled: true })}
      />
    </>
  )
}
