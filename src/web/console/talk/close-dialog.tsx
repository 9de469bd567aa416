import { Button, Chip, Group, Modal, Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import { useWords } from '../data/language'
import { shellWords } from '../words/shell'
import { talkWords } from '../words/talk'
import { type DialogProps, useTransition } from './use-transition'

/** Closes a conversation: what it was about, and whether it is solved as far as one can tell. */
export function CloseDialog(props: DialogProps) {
  const words = useWords(talkWords)
  const shell = useWords(shellWords)
  const { busy, move } = useTransition(props)
  const [reason, setReason] = useState('')
  const [resolved, setResolved] = useState('')
  const close = () => void move('close', { contactReason: reason, isResolved: resolved === 'yes' }, words.closed)
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={words.closeTitle}
      size="lg"
      closeButtonProps={{ 'aria-label': shell.close }}
    >
      <fieldset className="choices">
        <legend>{words.contactReason}</legend>
        <Chip.Group value={reason} onChange={(value) => setReason(String(value))}>
          <Group gap={8}>
            {Object.entries(words.contactReasons).map(([value, label]) => (
              <Chip key={value} value={value} size="sm">
                {label}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </fieldset>
      <Radio.Group
        label={words.resolved}
        description={words.resolvedNote}
        value={resolved}
        onChange={setResolved}
        mt="lg"
      >
        <Stack gap={8} mt={10}>
          <Radio value="yes" label={words.resolvedYes} />
          <Radio value="no" label={words.resolvedNo} />
        </Stack>
      </Radio.Group>
      <Group justify="flex-end" mt="xl">
        <Button variant="default" onClick={props.onClose}>
          {shell.cancel}
        </Button>
        <Button loading={busy} disabled={reason === '' || resolved === ''} onClick={close}>
          {words.closeIt}
        </Button>
      </Group>
    </Modal>
  )
}
