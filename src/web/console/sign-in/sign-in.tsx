import { Avatar, Button, PasswordInput, TextInput, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import type { SessionView } from '../../../http/api/console/types'
import type { Locale } from '../../shared/locale'
import { useWords } from '../data/language'
import { Icon } from '../parts/icons'
import { shellWords } from '../words/shell'
import { signInWords } from '../words/sign-in'
import { Frame } from './frame'
import { Problem } from './problem'
import { useSubmit } from './use-submit'

type View = Extract<SessionView, { state: 'signed-out' }>

/** Signing in: by e-mail and password, by the company's account where offered, in the demo by one press. */
export function SignIn(props: { view: View; onLocale: (locale: Locale) => void; onDone: () => void }) {
  const { view, onLocale, onDone } = props
  const words = useWords(signInWords)
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const { busy, problem, submit, onSubmit } = useSubmit(onDone)
  const cameBackEmpty = new URLSearchParams(location.search).has('oidc')
  return (
    <Frame merchant={view.merchant} title={words.title} lead={words.lead} onLocale={onLocale}>
      {view.demoAccounts.length > 0 && (
        <DemoAccounts accounts={view.demoAccounts} onPick={(id) => void submit('session', { demoStaffId: id })} />
      )}
      <form className="form" onSubmit={onSubmit('session', () => ({ email: email.trim(), password }))}>
        <Problem text={problem ?? (cameBackEmpty ? words.oidcFailed : undefined)} />
        <TextInput
          label={words.email}
          type="email"
          required
          withAsterisk={false}
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={words.password}
          required
          withAsterisk={false}
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy} fullWidth variant={view.demoAccounts.length > 0 ? 'default' : 'filled'}>
          {words.signIn}
        </Button>
        {view.oidc && (
          <>
            <p className="or">{words.or}</p>
            <Button component="a" href="./api/console/oidc/start" variant="default" leftSection={<Icon name="lock" />}>
              {words.oidc}
            </Button>
          </>
        )}
      </form>
    </Frame>
  )
}

function DemoAccounts({ accounts, onPick }: { accounts: View['demoAccounts']; onPick: (id: number) => void }) {
  const words = useWords(signInWords)
  const shell = useWords(shellWords)
  return (
    <section className="demo-accounts" aria-labelledby="demo-title">
      <h2 id="demo-title">{words.demoTitle}</h2>
      <p className="fine">{words.demoNote}</p>
      <ul>
        {accounts.map(({ id, displayName, role, locale }) => (
          <li key={id}>
            <UnstyledButton className="demo-account" onClick={() => onPick(id)}>
              <Avatar name={displayName} color="regulars" size={36} aria-hidden="true" />
              <span>
                <strong>{displayName}</strong>
                <span className="fine">
                  {shell.roles[role]} · {shell.languages[locale]}
                </span>
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  )
}
