import { Button, Checkbox, Group, PasswordInput, SegmentedControl, Stack, Switch, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Locale } from '../../shared/locale'
import { askPermission, chime, notificationPermission } from '../data/alerts'
import { post } from '../data/ask'
import { useWords } from '../data/language'
import { useSession } from '../data/session'
import { useSwitch } from '../data/use-kept'
import { ConfirmDialog } from '../parts/confirm-dialog'
import { useTell } from '../parts/tell'
import { NewPassword, passwordLengthMin } from '../sign-in/new-password'
import { pageWords } from '../words/pages'
import { shellWords } from '../words/shell'
import { Page } from './page'

/** What one may change about oneself. */
export function AccountPage() {
  const words = useWords(pageWords)
  const { me } = useSession()
  return (
    <Page title={words.accountTitle} note={me.email}>
      <div className="panels">
        <Profile />
        <ThisBrowser />
        <Password />
        <Sessions />
      </div>
    </Page>
  )
}

function Profile() {
  const words = useWords(pageWords)
  const shell = useWords(shellWords)
  const { me, change } = useSession()
  const tell = useTell()
  const [displayName, setDisplayName] = useState(me.displayName)
  const [locale, setLocale] = useState<Locale>(me.locale)
  const [languages, setLanguages] = useState<string[]>([...me.languages])
  const [autoAccept, setAutoAccept] = useState(me.autoAccept)
  const [busy, setBusy] = useState(false)
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const body = { displayName: displayName.trim(), locale, languages: languages as Locale[], autoAccept }
    setBusy(true)
    const answer = await post('me', body)
    setBusy(false)
    if (!answer.ok) return tell.refused(answer)
    change(body)
    tell.done(shell.saved)
  }
  return (
    <form className="panel" onSubmit={(event) => void save(event)}>
      <h2>{words.profile}</h2>
      <Stack>
        <TextInput
          label={words.displayName}
          required
          withAsterisk={false}
          maxLength={80}
          value={displayName}
          onChange={(event) => setDisplayName(event.currentTarget.value)}
        />
        <div>
          <p className="field-name" id="own-language">
            {words.consoleLanguage}
          </p>
          <SegmentedControl
            aria-labelledby="own-language"
            value={locale}
            onChange={(value) => setLocale(value as Locale)}
            data={[
              { value: 'en', label: 'English' },
              { value: 'zh', label: '中文' },
            ]}
          />
        </div>
        <Checkbox.Group label={words.answersIn} value={languages} onChange={setLanguages}>
          <Group mt={8}>
            <Checkbox value="en" label={shell.languages.en} />
            <Checkbox value="zh" label={shell.languages.zh} />
          </Group>
        </Checkbox.Group>
        <Switch
          label={words.autoAccept}
          checked={autoAccept}
          onChange={(event) => setAutoAccept(event.currentTarget.checked)}
        />
        <Button type="submit" loading={busy} disabled={languages.length === 0} className="start">
          {shell.save}
        </Button>
      </Stack>
    </form>
  )
}

function ThisBrowser() {
  const words = useWords(pageWords)
  const [isLoud, setLoud] = useSwitch('sound', false)
  const [isNotified, setNotified] = useSwitch('notify', false)
  const [hasKeys, setKeys] = useSwitch('single-keys', true)
  const [isBlocked, setBlocked] = useState(notificationPermission() === 'denied')
  const allow = async (on: boolean): Promise<void> => {
    const permission = on ? await askPermission() : notificationPermission()
    setBlocked(permission === 'denied')
    setNotified(on && permission === 'granted')
  }
  return (
    <section className="panel">
      <h2>{words.thisBrowser}</h2>
      <Stack>
        <Switch
          label={words.sound}
          checked={isLoud}
          onChange={(event) => {
            setLoud(event.currentTarget.checked)
            if (event.currentTarget.checked) chime()
          }}
        />
        <Switch
          label={words.notify}
          description={isBlocked ? words.notifyBlocked : undefined}
          checked={isNotified && !isBlocked}
          onChange={(event) => void allow(event.currentTarget.checked)}
        />
        <Switch label={words.singleKeys} checked={hasKeys} onChange={(event) => setKeys(event.currentTarget.checked)} />
      </Stack>
    </section>
  )
}

function Password() {
  const words = useWords(pageWords)
  const { me } = useSession()
  const tell = useTell()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [busy, setBusy] = useState(false)
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    const answer = await post('me/password', { current, next })
    setBusy(false)
    if (!answer.ok) return tell.refused(answer)
    setCurrent('')
    setNext('')
    tell.done(words.changed)
  }
  return (
    <form className="panel" onSubmit={(event) => void save(event)}>
      <h2>{words.password}</h2>
      {me.hasPassword ? (
        <Stack>
          <input type="text" name="username" autoComplete="username" value={me.email} readOnly hidden />
          <PasswordInput
            label={words.current}
            required
            withAsterisk={false}
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <NewPassword label={words.next} note={words.nextNote} value={next} onChange={setNext} />
          <Button
            type="submit"
            variant="default"
            loading={busy}
            disabled={current === '' || next.length < passwordLengthMin}
            className="start"
          >
            {words.change}
          </Button>
        </Stack>
      ) : (
        <p className="fine">{words.passwordNone}</p>
      )}
    </form>
  )
}

function Sessions() {
  const words = useWords(pageWords)
  const { signOut } = useSession()
  const [isAsking, setAsking] = useState(false)
  return (
    <section className="panel">
      <h2>{words.sessions}</h2>
      <p className="fine">{words.everywhereNote}</p>
      <Button variant="default" mt="sm" onClick={() => setAsking(true)}>
        {words.everywhere}
      </Button>
      <ConfirmDialog
        opened={isAsking}
        title={words.everywhere}
        note={words.everywhereNote}
        confirm={words.everywhere}
        isDangerous
        onClose={() => setAsking(false)}
        onConfirm={async () => signOut(true)}
      />
    </section>
  )
}
