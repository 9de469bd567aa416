import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Localised } from '../../../core/locale'
import type { Locale } from '../../shared/locale'
import { useWords } from '../data/language'
import { signInWords } from '../words/sign-in'
import { Frame } from './frame'
import { NewPassword } from './new-password'
import { Problem } from './problem'
import { useSubmit } from './use-submit'

/** Accepts an invitation: a password, and one is in. The name may be put right. */
export function Invitation(props: {
  merchant: Localised
  token: string
  locale: Locale
  onLocale: (locale: Locale) => void
  onDone: () => void
}) {
  const { merchant, token, locale, onLocale, onDone } = props
  const words = useWords(signInWords)
  const [displayName, setDisplayName] = useState('')
  const [password, setPassword] = useState('')
  const { busy, problem, onSubmit } = useSubmit(() => {
    // The token has served; it should not stay in the address.
    history.replaceState(null, '', './console#/desk')
    window.dispatchEvent(new HashChangeEvent('hashchange'))
    onDone()
  })
  const entered = () => ({
    token,
    password,
    locale,
    ...(displayName.trim() === '' ? {} : { displayName: displayName.trim() }),
  })
  return (
    <Frame merchant={merchant} title={words.invitedTitle} lead={words.invitedNote} onLocale={onLocale}>
      <form className="form" onSubmit={onSubmit('invitation', entered)}>
        <Problem text={problem} />
        <TextInput
          label={words.yourName}
          description={words.nameNote}
          autoComplete="name"
          value={displayName}
          onChange={(event) => setDisplayName(event.currentTarget.value)}
        />
        <NewPassword label={words.newPassword} value={password} onChange={setPassword} />
        <Button type="submit" loading={busy} fullWidth>
          {words.join}
        </Button>
      </form>
    </Frame>
  )
}
