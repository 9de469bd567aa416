import { Button, Group, Modal } from '@mantine/core'
import { useState } from 'react'
import { useWords } from '../data/language'
import { shellWords } from '../words/shell'

/** Asks once more. */
export function ConfirmDialog(props: {
  opened: boolean
  title: string
  note?: string
  confirm: string
  isDangerous?: boolean
  onClose: () => void
  onConfirm: () => Promise<unknown>
}) {
  const { opened, title, note, confirm, isDangerous = false, onClose, onConfirm } = props
  const shell = useWords(shellWords)
  const [busy, setBusy] = useState(false)
  const run = async (): Promise<void> => {
    setBusy(true)
    await onConfirm()
    setBusy(false)
  }
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': shell.close }}>
      {note !== undefined && <p className="dialog-says">{note}</p>}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {shell.cancel}
        </Button>
        <Button data-autofocus color={isDangerous ? 'red.8' : undefined} loading={busy} onClick={() => void run()}>
          {confirm}
        </Button>
      </Group>
    </Modal>
  )
}
