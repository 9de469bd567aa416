import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Me, SessionView } from '../../http/api/console/types'
import { writeLocale } from '../page/page-locale'
import type { Locale } from '../shared/locale'
import { onSignedOut, post } from './data/ask'
import { forgetWritten } from './data/kept'
import { LanguageContext } from './data/language'
import { type Session, SessionContext } from './data/session'
import { useLoaded } from './data/use-loaded'
import { useRoute } from './data/use-route'
import { Await } from './parts/empty'
import { Shell } from './shell'
import { Invitation } from './sign-in/invitation'
import { SetUp } from './sign-in/set-up'
import { SignIn } from './sign-in/sign-in'

/** The whole console: who is there decides what is shown. */
export function App({ startLocale }: { startLocale: Locale }) {
  const [chosen, setChosen] = useState(startLocale)
  const { loaded, reload } = useLoaded<SessionView>('session')
  const view = loaded.state === 'ready' ? loaded.body : undefined
  const [changed, setChanged] = useState<Partial<Me>>({})
  useEffect(() => setChanged({}), [view])
  useEffect(() => onSignedOut(reload), [reload])
  const session = useSessionOf(view, changed, setChanged, reload)
  const locale = session?.me.locale ?? chosen
  useEffect(() => writeLocale(locale), [locale])

  return (
    <LanguageContext value={locale}>
      <Await loaded={loaded} onAgain={reload}>
        {(body) =>
          session ? (
            <SessionContext value={session}>
              <Shell key={session.me.id} />
            </SessionContext>
          ) : (
            <Outside view={body} locale={locale} onLocale={setChosen} onDone={reload} />
          )
        }
      </Await>
    </LanguageContext>
  )
}

function Outside(props: { view: SessionView; locale: Locale; onLocale: (locale: Locale) => void; onDone: () => void }) {
  const { view, ...rest } = props
  const route = useRoute()
  if (route.page === 'invitation') return <Invitation merchant={view.merchant} token={route.token} {...rest} />
  if (view.state === 'first-run') return <SetUp view={view} {...rest} />
  return view.state === 'signed-out' ? <SignIn view={view} {...rest} /> : null
}

function useSessionOf(
  view: SessionView | undefined,
  changed: Partial<Me>,
  setChanged: (change: (before: Partial<Me>) => Partial<Me>) => void,
  refresh: () => void,
): Session | null {
  const staffId = view?.state === 'signed-in' ? view.me.id : undefined
  const change = useCallback((me: Partial<Me>) => setChanged((before) => ({ ...before, ...me })), [setChanged])
  const signOut = useCallback(
    (everywhere: boolean) => {
      if (staffId !== undefined) forgetWritten(staffId)
      void post('session/end', { everywhere }).then(refresh)
    },
    [staffId, refresh],
  )
  return useMemo(
    () => (view?.state === 'signed-in' ? { ...view, me: { ...view.me, ...changed }, refresh, change, signOut } : null),
    [view, changed, refresh, change, signOut],
  )
}
