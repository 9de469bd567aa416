import { useEffect, useState } from 'preact/hooks'
import { writeLocale } from '../page/page-locale'
import { TopBar } from '../page/top-bar'
import { pageWords } from '../page/words'
import type { Locale } from '../shared/locale'
import { embedCode, withWidget } from './embed'
import { MemberPicker } from './member-picker'
import { readChosen, tokenFor, writeChosen } from './members'
import { Shelf } from './shelf'
import { shopWords } from './words'

/** The demo shop's front: who one is, what to ask, and how the chat got onto the page. */
export function ShopPage({ startLocale, startChosen }: { startLocale: Locale; startChosen: string | undefined }) {
  const [locale, setLocale] = useState(startLocale)
  const [chosen, setChosen] = useState(startChosen)
  const words = shopWords[locale]

  useEffect(() => {
    document.title = pageWords[locale].shopName
  }, [locale])
  useEffect(() => {
    const onNeeded = (): void => void renew().catch((error: unknown) => console.warn('no fresh token', error))
    window.addEventListener('regulars:token-needed', onNeeded)
    return () => window.removeEventListener('regulars:token-needed', onNeeded)
  }, [])

  const changeLocale = (next: Locale): void => {
    setLocale(next)
    writeLocale(next)
    withWidget((widget) => widget.setLocale(next))
  }
  const choose = async (memberId: string | undefined): Promise<void> => {
    const token = memberId && memberId !== readChosen() ? await tokenFor(memberId) : undefined
    const changed = memberId !== readChosen()
    writeChosen(memberId)
    setChosen(memberId)
    withWidget((widget) => {
      if (changed) widget.setToken(token)
      widget.open()
    })
  }

  return (
    <>
      <TopBar locale={locale} here="shop" onLocale={changeLocale} />
      <main>
        <section class="hero">
          <div>
            <h1>{words.headline}</h1>
            <p class="lead">{words.lead}</p>
            <button type="button" class="primary" onClick={() => withWidget((widget) => widget.open())}>
              {words.start}
            </button>
          </div>
          <Shelf />
        </section>
        <MemberPicker locale={locale} words={words} chosen={chosen} onChoose={choose} />
        <Questions words={words} />
        <section>
          <h2>{words.embedTitle}</h2>
          <p class="note">{words.embedNote}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre class="embed" tabIndex={0}>
            <code>{embedCode(location.origin)}</code>
          </pre>
        </section>
      </main>
    </>
  )
}

function Questions({ words }: { words: (typeof shopWords)[Locale] }) {
  return (
    <section>
      <h2>{words.tryTitle}</h2>
      <p class="note">{words.tryNote}</p>
      <ul class="questions">
        {words.questions.map((question) => (
          <li key={question}>
            <button type="button" onClick={() => withWidget((widget) => widget.ask(question))}>
              {question}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A server that takes no token at all is not asked for ever. */
const renewalsMax = 3
let renewals = 0

/** A token serves once; a chat that needs another gets it as a shop's page would fetch it. */
async function renew(): Promise<void> {
  const memberId = readChosen()
  if (!memberId || renewals >= renewalsMax) return
  renewals += 1
  const token = await tokenFor(memberId)
  withWidget((widget) => widget.setToken(token))
}
