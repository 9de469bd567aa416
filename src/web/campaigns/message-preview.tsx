import { useEffect, useRef, useState } from 'preact/hooks'
import type { CampaignPreview } from '../../http/api/campaign-preview'
import '../chat/parts/card.css'
import type { Locale } from '../shared/locale'
import { ask } from './ask'
import type { ManagerWords } from './words'

/** Whom a campaign is for now, and its messages, drawn by the chat's own cards, in the language of the page. */
export function MessagePreview(props: {
  code: string
  nameOf: (arm: string) => string
  locale: Locale
  words: ManagerWords
}) {
  const { code, nameOf, locale, words } = props
  const [preview, setPreview] = useState<CampaignPreview>()
  useEffect(() => {
    let stopped = false
    void ask<CampaignPreview>(`api/campaigns/${encodeURIComponent(code)}/preview`).then((answer) => {
      if (!stopped && answer.kind === 'known') setPreview(answer.body)
    })
    return () => {
      stopped = true
    }
  }, [code])
  if (!preview) return null
  const cards = preview.cards.filter((card) => card.locale === locale)
  return (
    <section>
      <h2>{words.preview}</h2>
      <p>{words.audience(preview.audience, preview.outOfReach)}</p>
      <div class="previews">
        {cards.map(({ arm, content }) => (
          <figure key={arm}>
            {cards.length > 1 && <figcaption>{nameOf(arm)}</figcaption>}
            <PreviewCard content={content} />
          </figure>
        ))}
      </div>
      <p class="fine">{words.previewNote}</p>
    </section>
  )
}

function PreviewCard({ content }: { content: object }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    let stopped = false
    // What draws cards is larger than the rest of this page.
    void import('../chat/card-host').then(({ drawCard }) => {
      const drawn = drawCard(content, () => undefined)
      if (drawn && !stopped) place.current?.replaceChildren(drawn)
    })
    return () => {
      stopped = true
    }
  }, [content])
  return (
    <div class="card" dir="auto">
      <div ref={place} />
    </div>
  )
}
