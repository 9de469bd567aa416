import { SegmentedControl } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { useDesk } from '../data/desk'
import { useWords } from '../data/language'
import { goTo } from '../data/use-route'
import { useShortcuts } from '../data/use-shortcuts'
import { MemberColumn } from '../member/member-column'
import { Empty } from '../parts/empty'
import { Conversation } from '../talk/conversation'
import { useDraft } from '../talk/use-draft'
import { deskWords } from '../words/desk'
import { shellWords } from '../words/shell'
import { Lists } from './lists'
import { useTake } from './use-take'

type Tab = 'lists' | 'talk' | 'member'

/** The desk: who waits and whom one has, the conversation, and the customer beside it. On a narrow page one at a time. */
export function DeskPage({ requestId, onHelp }: { requestId: number | null; onHelp: () => void }) {
  const words = useWords(deskWords)
  const shell = useWords(shellWords)
  const isNarrow = useMediaQuery('(max-width: 56.25em)', false, { getInitialValueInEffect: false })
  const [tab, setTab] = useState<Tab>(requestId === null ? 'lists' : 'talk')
  const { takeNext } = useTake()
  useEffect(() => setTab(requestId === null ? 'lists' : 'talk'), [requestId])
  useShortcuts({ '?': onHelp, n: () => void takeNext(), ...useSteps(requestId) })
  const isShown = (which: Tab): boolean => !isNarrow || tab === which
  return (
    <main className="desk" data-narrow={isNarrow}>
      <h1 className="visually-hidden">{shell.desk}</h1>
      {isNarrow && (
        <SegmentedControl
          className="desk-tabs"
          fullWidth
          value={tab}
          onChange={(value) => setTab(value as Tab)}
          data={(['lists', 'talk', 'member'] as const).map((value) => ({ value, label: words.tabs[value] }))}
        />
      )}
      <div className="desk-lists" hidden={!isShown('lists')}>
        <Lists openId={requestId} />
      </div>
      {requestId === null ? (
        <section className="desk-talk desk-none" hidden={!isShown('talk')}>
          <Empty icon="desk" title={words.pick} note={words.pickNote} />
        </section>
      ) : (
        <OpenOne key={requestId} requestId={requestId} isShown={isShown} />
      )}
    </main>
  )
}

function OpenOne({ requestId, isShown }: { requestId: number; isShown: (which: Tab) => boolean }) {
  const draft = useDraft(requestId)
  return (
    <>
      <section className="desk-talk" hidden={!isShown('talk')}>
        <Conversation requestId={requestId} draft={draft} />
      </section>
      <aside className="desk-member" hidden={!isShown('member')}>
        <MemberColumn requestId={requestId} onUse={draft.fill} />
      </aside>
    </>
  )
}

/** Goes to the conversation before or after, as the lists show them. */
function useSteps(requestId: number | null): { j: () => void; k: () => void } {
  const { view } = useDesk()
  const ids = view ? [...view.mine, ...view.waiting, ...view.others].map(({ id }) => id) : []
  const step = (by: 1 | -1) => (): void => {
    const at = requestId === null ? -1 : ids.indexOf(requestId)
    const next = ids[at === -1 ? (by === 1 ? 0 : ids.length - 1) : at + by]
    if (next !== undefined) goTo({ page: 'desk', requestId: next })
  }
  return { j: step(1), k: step(-1) }
}
