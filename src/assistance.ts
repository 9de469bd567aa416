import { loadPages, type Pages, pagesFolder } from '../dialogs/answers/pages'
import type { AppDeps } from './app'
import { createAssistService } from './assist-service'
import { shortfallOf } from './bot/engine/shortfall'
import { createGiftTeller, type GiftTellerDeps } from './bot/handoff/gift-teller'
import type { FindWritten } from './core/assist/suggestions'
import type { StaffAccess } from './http/api/console/access'
import { assistRoute } from './http/api/console/assist'
import { cannedRoutes } from './http/api/console/canned'
import { goodwillRoutes } from './http/api/console/goodwill'
import { memberPictureRoute } from './http/api/console/member'
import { reportRoute } from './http/api/console/reports'
import { searchRoute } from './http/api/console/search'
import { transcriptRoute } from './http/api/console/transcript'
import type { Route } from './http/route'

/** What helps the merchant's people with the member they talk to, and tells how the desk does. */
export function composeAssistance(
  deps: AppDeps & GiftTellerDeps & { readonly staffAccess: StaffAccess },
): readonly Route[] {
  const { database, clock, secretBytes, conversations, staffAccess: access } = deps
  const titleOf = (id: string) => conversations.find((conversation) => conversation.id === id)?.menuTitle
  const service = createAssistService({
    database,
    clock,
    secretBytes,
    botSide: { shortfallOf, titleOf },
    findWritten: findWrittenWith(deps),
    giftTeller: (zone) => createGiftTeller(deps, zone),
  })
  return [
    memberPictureRoute(service, access),
    assistRoute(service, access),
    ...goodwillRoutes(service, access),
    ...cannedRoutes(service, access),
    searchRoute(service, access),
    transcriptRoute(service, access),
    reportRoute(service, access),
  ]
}

/** The merchant's answers by what the bot itself would take a text for; it gives one, an agent sees the next likely too. */
function findWrittenWith({ recogniser }: AppDeps): FindWritten {
  let pages: Pages | undefined
  return (said, locale) => {
    pages ??= loadPages(pagesFolder())
    const { intent, score, alternatives } = recogniser.recognise(said, { locale })
    const answers = pages[locale]
    return [{ intent, score }, ...alternatives].flatMap((likely) => {
      const page = answers.get(likely.intent)
      return page ? [{ title: page.title, text: page.text, score: likely.score }] : []
    })
  }
}
