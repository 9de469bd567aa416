import { Button, Group, Modal, SegmentedControl, Select, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useDesk } from '../data/desk'
import { useWords } from '../data/language'
import { useSession } from '../data/session'
import { shellWords } from '../words/shell'
import { talkWords } from '../words/talk'
import { type DialogProps, useTransition } from './use-transition'

/** Hands a conversation to a colleague or a team, with a note that only they see. */
export function TransferDialog(props: DialogProps) {
  const words = useWords(talkWords)
  const shell = useWords(shellWords)
  const { view } = useDesk()
  const { busy, move } = useTransition(props)
  const [to, setTo] = useState<'person' | 'team'>('person')
  const [staffId, setStaffId] = useState<string | null>(null)
  const [team, setTeam] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const teams = view?.teams ?? []
  const target = to === 'person' ? staffId && { staffId: Number(staffId) } : team && { team }
  const transfer = (): void => {
    if (target) void move('transfer', { ...target, ...(note.trim() ? { note: note.trim() } : {}) }, words.transferred)
  }
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={words.transferTitle}
      closeButtonProps={{ 'aria-label': shell.close }}
    >
      <Stack>
        <SegmentedControl
          aria-label={words.transferTo}
          fullWidth
          value={to}
          onChange={(value) => setTo(value as typeof to)}
          data={[
            { value: 'person', label: words.person },
            { value: 'team', label: words.team },
          ]}
        />
        {to === 'person' ? (
          <ColleagueField value={staffId} onChange={setStaffId} />
        ) : teams.length > 0 ? (
          <Select label={words.team} placeholder={words.chooseTeam} value={team} onChange={setTeam} data={[...teams]} />
        ) : (
          <p className="fine">{words.teamsNone}</p>
        )}
        <Textarea
          label={words.transferNote}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            {shell.cancel}
          </Button>
          <Button loading={busy} disabled={!target} onClick={transfer}>
            {words.transfer}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function ColleagueField({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const words = useWords(talkWords)
  const shell = useWords(shellWords)
  const { view } = useDesk()
  const { me } = useSession()
  const colleagues = (view?.colleagues ?? []).filter(({ id }) => id !== me.id)
  return (
    <Select
      label={words.person}
      placeholder={words.anybody}
      value={value}
      onChange={onChange}
      data={colleagues.map(({ id, displayName, presence, load, capacity }) => ({
        value: String(id),
        label: `${displayName} · ${shell.presences[presence]} · ${words.load(load, capacity)}`,
      }))}
    />
  )
}
