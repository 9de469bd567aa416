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
  const tell = useTell()
  const [values, setValues] = useState<Values>(reply ?? { title: '', text: '', locale: own, isShared: false })
  const [busy, setBusy] = useState(false)
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    const { title, text, locale, isShared } = values
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
          <Fields values={values} onChange={setValues} />
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

type Values = Omit<CannedReply, 'id'>

function Fields({ values, onChange }: { values: Values; onChange: (values: Values) => void }) {
  const words = useWords(pageWords)
  const shell = useWords(shellWords)
  const { me } = useSession()
  return (
    <>
      <TextInput
        data-autofocus
        label={words.cannedName}
        required
        withAsterisk={false}
        maxLength={80}
        value={values.title}
        onChange={(event) => onChange({ ...values, title: event.currentTarget.value })}
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
        value={values.text}
        onChange={(event) => onChange({ ...values, text: event.currentTarget.value })}
      />
      <Group justify="space-between">
        <SegmentedControl
          aria-label={words.language}
          value={values.locale}
          onChange={(locale) => onChange({ ...values, locale: locale as Locale })}
          data={(['en', 'zh'] as const).map((value) => ({ value, label: shell.languages[value] }))}
        />
        {isAtLeast(me.role, 'supervisor') && (
          <Switch
            label={words.cannedShared}
            checked={values.isShared}
            onChange={(event) => onChange({ ...values, isShared: event.currentTarget.checked })}
          />
        )}
      </Group>
    </>
  )
}
