import { Button, Group, Modal, SegmentedControl, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { CannedReply } from '../../../http/api/console/types'
import type { Locale } from '../../shared/locale'
import { post } from '../data/ask'
import { useLocale, useWords } from '../data/language'
import { isAtLeast } from '../data/roles'
import { useSession } from '../data/session'
import { variables } from '../model/canned'
import { useTell } from '../parts/tell'
import { pageWords } from '../words/pages'
import { shellWords } from '../words/shell'

/** Writes or changes a canned reply. Those for everybody are a supervisor's business. */
export function CannedDialog(props: { reply: CannedReply | undefined; onClose: () => void; onSaved: () => void }) {
  const { reply, onClose, onSaved } = props
  const words = useWords(pageWords)
  const shell = useWords(shellWords)
  const own = useLocale()
  const { me } = useSession()
  const tell = useTell()
  const [title, setTitle] = useState(reply?.title ?? '')
  const [text, setText] = useState(reply?.text ?? '')
  const [locale, setLocale] = useState<Locale>(reply?.locale ?? own)
  const [isShared, setShared] = useState(reply?.isShared ?? false)
  const [busy, setBusy] = useState(false)
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    const answer = await post('canned', { id: reply?.id, title: title.trim(), text: text.trim(), locale, isShared })
    setBusy(false)
    if (!answer.ok) return tell.refused(answer)
    onClose()
    onSaved()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={reply ? words.cannedEdit : words.cannedNew}
      size="lg"
      closeButtonProps={{ 'aria-label': shell.close }}
    >
      <form onSubmit={(event) => void save(event)}>
        <Stack>
          <TextInput
            data-autofocus
            label={words.cannedName}
            required
            withAsterisk={false}
            maxLength={80}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Textarea
            label={words.cannedText}
            description={
              <>
                {words.cannedVariables} <code>{variables.map((name) => `{${name}}`).join(' ')}</code>
              </>
            }
            required
            withAsterisk={false}
            autosize
            minRows={4}
            maxRows={12}
            maxLength={4000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Group justify="space-between">
            <SegmentedControl
              aria-label={words.language}
              value={locale}
              onChange={(value) => setLocale(value as Locale)}
              data={(['en', 'zh'] as const).map((value) => ({ value, label: shell.languages[value] }))}
            />
            {isAtLeast(me.role, 'supervisor') && (
              <Switch
                label={words.cannedShared}
                checked={isShared}
                onChange={(event) => setShared(event.currentTarget.checked)}
              />
            )}
          </Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {shell.cancel}
            </Button>
            <Button type="submit" loading={busy}>
              {shell.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
