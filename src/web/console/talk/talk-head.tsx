import { ActionIcon, Button, Menu } from '@mantine/core'
import { useState } from 'react'
import type { RequestRow } from '../../../http/api/console/types'
import { useLocale, useWords } from '../data/language'
import { useShortcuts } from '../data/use-shortcuts'
import { Icon } from '../parts/icons'
import { deskWords } from '../words/desk'
import { shellWords } from '../words/shell'
import { talkWords } from '../words/talk'
import { CloseDialog } from './close-dialog'
import { ReturnDialog } from './return-dialog'
import { TransferDialog } from './transfer-dialog'
import type { Draft } from './use-draft'

type Dialog = 'transfer' | 'return' | 'close'

/** Whom one talks with and why, and what one may do with the conversation. */
export function TalkHead(props: {
  row: RequestRow
  name: string
  isMine: boolean
  draft: Draft
  onChanged: () => void
}) {
  const { row, name, isMine, draft, onChanged } = props
  const words = useWords(talkWords)
  const desk = useWords(deskWords)
  const shell = useWords(shellWords)
  const locale = useLocale()
  const [dialog, setDialog] = useState<Dialog>()
  const open = (which: Dialog) => (isMine ? () => setDialog(which) : undefined)
  useShortcuts({
    t: open('transfer'),
    b: open('return'),
    e: open('close'),
    r: isMine ? () => draft.focus('reply') : undefined,
    i: isMine ? () => draft.focus('note') : undefined,
  })
  const shared = { row, onChanged, onClose: () => setDialog(undefined) }
  return (
    <header className="talk-head">
      <div className="talk-who">
        <h2 dir="auto">{name}</h2>
        <p>
          {row.tier && <span className="chip">{row.tier[locale]}</span>}
          <span className="chip plain">{shell.languages[row.locale]}</span>
          <span className="fine">{desk.reasons[row.reason]}</span>
        </p>
      </div>
      <div className="talk-actions">
        {isMine && (
          <>
            <Button
              variant="default"
              size="xs"
              leftSection={<Icon name="transfer" size={15} />}
              onClick={open('transfer')}
            >
              {words.transfer}
            </Button>
            <Button variant="default" size="xs" leftSection={<Icon name="robot" size={15} />} onClick={open('return')}>
              {words.toBot}
            </Button>
            <Button size="xs" leftSection={<Icon name="check" size={15} />} onClick={open('close')}>
              {words.closeIt}
            </Button>
          </>
        )}
        <ExportMenu requestId={row.id} />
      </div>
      <TransferDialog opened={dialog === 'transfer'} {...shared} />
      <ReturnDialog opened={dialog === 'return'} {...shared} />
      <CloseDialog opened={dialog === 'close'} {...shared} />
    </header>
  )
}

function ExportMenu({ requestId }: { requestId: number }) {
  const words = useWords(talkWords)
  const address = (format: string) => `./api/console/requests/${requestId}/transcript?format=${format}`
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={words.export} title={words.export}>
          <Icon name="download" size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={address('txt')} download={`conversation-${requestId}.txt`}>
          {words.exportText}
        </Menu.Item>
        <Menu.Item component="a" href={address('json')} download={`conversation-${requestId}.json`}>
          {words.exportJson}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
