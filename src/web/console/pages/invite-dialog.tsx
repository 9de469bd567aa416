import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { post } from '../data/ask'
import { useWords } from '../data/language'
import { useTell } from '../parts/tell'
import { pageWords } from '../words/pages'
import { shellWords } from '../words/shell'
import { CopyLink } from './copy-link'
import { newStaff, StaffFields } from './staff-fields'

/** Invites somebody: the server makes a link that is sent to them by hand. */
export function InviteDialog({ onClose, onInvited }: { onClose: () => void; onInvited: () => void }) {
  const words = useWords(pageWords)
  const shell = useWords(shellWords)
  const [url, setUrl] = useState<string>()
  return (
    <Modal
      opened
      onClose={onClose}
      title={words.inviteTitle}
      size="lg"
      closeButtonProps={{ 'aria-label': shell.close }}
    >
      {url === undefined ? (
        <InviteForm
          onClose={onClose}
          onInvited={(made) => {
            setUrl(made)
            onInvited()
          }}
        />
      ) : (
        <Stack>
          <CopyLink url={url} />
          <Button className="end" onClick={onClose}>
            {shell.close}
          </Button>
        </Stack>
      )}
    </Modal>
  )
}

function InviteForm({ onClose, onInvited }: { onClose: () => void; onInvited: (url: string) => void }) {
  const words = useWords(pageWords)
  const shell = useWords(shellWords)
  const tell = useTell()
  const [email, setEmail] = useState('')
  const [displayName, setDisplayName] = useState('')
  const [values, setValues] = useState(newStaff)
  const [busy, setBusy] = useState(false)
  const invite = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    const body = { email: email.trim(), displayName: displayName.trim(), ...values }
    const answer = await post<{ id: number; invitationUrl: string }>('staff', body)
    setBusy(false)
    if (!answer.ok) return tell.refused(answer)
    onInvited(answer.body.invitationUrl)
  }
  return (
    <form onSubmit={(event) => void invite(event)}>
      <Stack>
        <Group grow align="flex-start">
          <TextInput
            data-autofocus
            label={words.name}
            required
            withAsterisk={false}
            maxLength={80}
            value={displayName}
            onChange={(event) => setDisplayName(event.currentTarget.value)}
          />
          <TextInput
            label={words.email}
            type="email"
            required
            withAsterisk={false}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
        </Group>
        <StaffFields values={values} onChange={setValues} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {shell.cancel}
          </Button>
          <Button type="submit" loading={busy} disabled={values.languages.length === 0}>
            {words.inviteSend}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
