import { ActionIcon, Button } from '@mantine/core'
import { useState } from 'react'
import type { CannedReply } from '../../../http/api/console/types'
import { post } from '../data/ask'
import { useWords } from '../data/language'
import { useCanned } from '../data/use-picture'
import { ConfirmDialog } from '../parts/confirm-dialog'
import { Await, Empty } from '../parts/empty'
import { Icon } from '../parts/icons'
import { useTell } from '../parts/tell'
import { pageWords } from '../words/pages'
import { shellWords } from '../words/shell'
import { CannedDialog } from './canned-dialog'
import { Page } from './page'

/** Texts that are said again and again. */
export function CannedPage() {
  const words = useWords(pageWords)
  const shell = useWords(shellWords)
  const { loaded, reload } = useCanned()
  const tell = useTell()
  const [edited, setEdited] = useState<CannedReply | 'new'>()
  const [deleted, setDeleted] = useState<CannedReply>()
  const remove = async ({ id }: CannedReply): Promise<void> => {
    const answer = await post(`canned/${id}/delete`)
    setDeleted(undefined)
    if (!answer.ok) tell.refused(answer)
    reload()
  }
  return (
    <Page
      title={words.cannedTitle}
      note={words.cannedNote}
      actions={
        <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setEdited('new')}>
          {words.cannedNew}
        </Button>
      }
    >
      <Await loaded={loaded} onAgain={reload} lines={6}>
        {({ replies }) =>
          replies.length === 0 ? (
            <Empty icon="quick" title={words.cannedNone} note={words.cannedNoneNote} />
          ) : (
            <ul className="canned">
              {replies.map((reply) => (
                <CannedRow key={reply.id} reply={reply} onEdit={setEdited} onDelete={setDeleted} />
              ))}
            </ul>
          )
        }
      </Await>
      {edited !== undefined && (
        <CannedDialog
          reply={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
          onSaved={reload}
        />
      )}
      <ConfirmDialog
        opened={deleted !== undefined}
        title={words.cannedDelete(deleted?.title ?? '')}
        confirm={shell.remove}
        isDangerous
        onClose={() => setDeleted(undefined)}
        onConfirm={async () => deleted && remove(deleted)}
      />
    </Page>
  )
}

function CannedRow(props: {
  reply: CannedReply
  onEdit: (reply: CannedReply) => void
  onDelete: (reply: CannedReply) => void
}) {
  const { reply, onEdit, onDelete } = props
  const words = useWords(pageWords)
  const shell = useWords(shellWords)
  return (
    <li className="panel canned-row">
      <div>
        <h2 dir="auto">{reply.title}</h2>
        <p dir="auto">{reply.text}</p>
        <p className="canned-marks">
          <span className="chip plain">{shell.languages[reply.locale]}</span>
          <span className="chip plain">{reply.isShared ? words.cannedShared : words.cannedOwn}</span>
        </p>
      </div>
      <div className="row-actions">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={words.editNamed(reply.title)}
          onClick={() => onEdit(reply)}
        >
          <Icon name="edit" />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={words.cannedDelete(reply.title)}
          onClick={() => onDelete(reply)}
        >
          <Icon name="trash" />
        </ActionIcon>
      </div>
    </li>
  )
}
