import { useCallback, useEffect, useState } from 'react'
import { chime, notify } from './data/alerts'
import { DeskProvider, useDesk } from './data/desk'
import { useLocale, useWords } from './data/language'
import { useSession } from './data/session'
import { useSwitch } from './data/use-kept'
import { goTo, useRoute } from './data/use-route'
import { DeskPage } from './desk/desk-page'
import { type News, titleOf, unreadOf } from './model/news'
import { AccountPage } from './pages/account-page'
import { CannedPage } from './pages/canned-page'
import { ReportsPage } from './pages/reports-page'
import { SearchPage } from './pages/search-page'
import { StaffPage } from './pages/staff-page'
import { OfflineBanner } from './parts/offline-banner'
import { ShortcutsDialog } from './parts/shortcuts-dialog'
import { TopBar } from './parts/top-bar'
import { shellWords } from './words/shell'

/** The console of a signed-in person. */
export function Shell() {
  const { me, refresh } = useSession()
  const tellNews = useNews()
  return (
    <DeskProvider staffId={me.id} onNews={tellNews} onSignedOut={refresh}>
      <Pages />
    </DeskProvider>
  )
}

function Pages() {
  const route = useRoute()
  const [isHelpOpen, setHelpOpen] = useState(false)
  const openHelp = useCallback(() => setHelpOpen(true), [])
  useTitle()
  return (
    <div className="shell">
      <TopBar route={route} onHelp={openHelp} />
      <OfflineBanner />
      <PageOf route={route} onHelp={openHelp} />
      <ShortcutsDialog opened={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  )
}

function PageOf({ route, onHelp }: { route: ReturnType<typeof useRoute>; onHelp: () => void }) {
  switch (route.page) {
    case 'search':
      return <SearchPage />
    case 'reports':
      return <ReportsPage />
    case 'staff':
      return <StaffPage />
    case 'canned':
      return <CannedPage />
    case 'account':
      return <AccountPage />
    case 'desk':
      return <DeskPage requestId={route.requestId} onHelp={onHelp} />
    case 'invitation':
      return <DeskPage requestId={null} onHelp={onHelp} />
  }
}

function useTitle(): void {
  const { view } = useDesk()
  const { merchant } = useSession()
  const locale = useLocale()
  const words = useWords(shellWords)
  const unread = unreadOf(view)
  useEffect(() => {
    document.title = titleOf(unread, words.name, merchant[locale])
  }, [unread, words, merchant, locale])
}

/** Says by sound and notification what is new, where that was allowed. */
function useNews(): (news: readonly News[]) => void {
  const words = useWords(shellWords)
  const [isLoud] = useSwitch('sound', false)
  const [isNotified] = useSwitch('notify', false)
  return useCallback(
    (news) => {
      const isAway = document.visibilityState !== 'visible' || !document.hasFocus()
      const heard = news.filter(({ kind }) => kind !== 'message' || isAway)
      if (heard.length === 0) return
      if (isLoud) chime()
      if (!isNotified) return
      for (const { kind, row } of heard.slice(0, 3)) {
        const who = row.displayName ?? words.stranger
        const titles = { waiting: words.newsWaiting, assigned: words.newsAssigned, message: words.newsMessage }
        notify(titles[kind](who), row.last.text.slice(0, 140), () => goTo({ page: 'desk', requestId: row.id }))
      }
    },
    [words, isLoud, isNotified],
  )
}
