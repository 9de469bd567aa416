import { Button, Group, Modal } from '@mantine/core'
import { useWords } from '../data/language'
import { shellWords } from '../words/shell'
import { talkWords } from '../words/talk'
import { type DialogProps, useTransition } from './use-transition'

/** Gives a conversation back to the bot. */
export function ReturnDialog(props: DialogProps) {
  const words = useWords(talkWords)
  const shell = useWords(shellWords)
  const { busy, move } = useTransition(props)
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={words.toBotTitle}
      closeButtonProps={{ 'aria-label': shell.close }}
    >
      <p className="dialog-says">{words.toBotNote}</p>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={props.onClose}>
          {shell.cancel}
        </Button>
        <Button data-autofocus loading={busy} onClick={() => void move('return', {}, words.returned)}>
          {words.toBot}
        </Button>
      </Group>
    </Modal>
  )
}
