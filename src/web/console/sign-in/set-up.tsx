import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { SessionView } from '../../../http/api/console/types'
import type { Locale } from '../../shared/locale'
import { useWords } from '../data/language'
import { signInWords } from '../words/sign-in'
import { Frame } from './frame'
import { NewPassword } from './new-password'
import { Problem } from './problem'
import { useSubmit } from './use-submit'

/** The first start: makes the first administrator. */
export function SetUp(props: {
  view: Extract<SessionView, { state: 'first-run' }>
  locale: Locale
  onLocale: (locale: Locale) => void
  onDone: () => void
}) {
  const { view, locale, onLocale, onDone } = props
  const words = useWords(signInWords)
  const [code, setCode] = useState('')
  const [email, setEmail] = useState('')
  const [displayName, setDisplayName] = useState('')
  const [password, setPassword] = useState('')
  const { busy, problem, onSubmit } = useSubmit(onDone)
  const entered = () => ({
    email: email.trim(),
    displayName: displayName.trim(),
    password,
    locale,
    ...(view.needsCode ? { code: code.trim() } : {}),
  })
  return (
    <Frame merchant={view.merchant} title={words.setUpTitle} lead={words.setUpNote} onLocale={onLocale}>
      <form className="form" onSubmit={onSubmit('setup', entered)}>
        <Problem text={problem} />
        {view.needsCode && (
          <TextInput
            label={words.code}
            description={words.codeNote}
            required
            withAsterisk={false}
            autoComplete="one-time-code"
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        )}
        <TextInput
          label={words.yourName}
          description={words.nameNote}
          required
          withAsterisk={false}
          autoComplete="name"
          value={displayName}
          onChange={(event) => setDisplayName(event.currentTarget.value)}
        />
        <TextInput
          label={words.email}
          type="email"
          required
          withAsterisk={false}
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <NewPassword label={words.newPassword} value={password} onChange={setPassword} />
        <Button type="submit" loading={busy} fullWidth>
          {words.create}
        </Button>
      </form>
    </Frame>
  )
}
