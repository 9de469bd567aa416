import { Button } from '@mantine/core'
import { useState } from 'react'
import type { BotConversationRow, RequestRow } from '../../../http/api/console/types'
import { post } from '../data/ask'
import { useDesk } from '../data/desk'
import { useLocale, useWords } from '../data/language'
import { useLoaded } from '../data/use-loaded'
import { goTo } from '../data/use-route'
import { dayAndTime } from '../model/spans'
import { Await } from '../parts/empty'
import { useTell } from '../parts/tell'
import { deskWords } from '../words/desk'
import { shellWords } from '../words/shell'

/** Conversations of the bot, asked for when they are unfolded: an agent may step in unasked. */
export function BotOwned() {
  const words = useWords(deskWords)
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="bot-owned" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.botOwned}</summary>
      {isOpen && <BotList />}
    </details>
  )
}

function BotList() {
  const words = useWords(deskWords)
  const shell = useWords(shellWords)
  const locale = useLocale()
  const { reload: reloadDesk } = useDesk()
  const tell = useTell()
  const { loaded, reload } = useLoaded<{ conversations: readonly BotConversationRow[] }>('conversations?limit=20')
  const stepIn = async ({ channel, conversationId }: BotConversationRow): Promise<void> => {
    const answer = await post<{ request: RequestRow }>('conversations/take', { channel, conversationId })
    reloadDesk()
    reload()
    if (answer.ok) goTo({ page: 'desk', requestId: answer.body.request.id })
    else tell.refused(answer)
  }
  return (
    <Await loaded={loaded} onAgain={reload} lines={3}>
      {({ conversations }) => (
        <>
          <p className="fine">{words.botOwnedNote}</p>
          <ul>
            {conversations.map((one) => (
              <li key={`${one.channel} ${one.conversationId}`} className="card">
                <span className="card-top">
                  <span className="card-name" dir="auto">
                    {one.displayName ?? shell.stranger}
                  </span>
                  <Button
                    size="compact-xs"
                    variant="light"
                    className="card-act"
                    aria-label={`${words.stepIn}: ${one.displayName ?? shell.stranger}`}
                    onClick={() => void stepIn(one)}
                  >
                    {words.stepIn}
                  </Button>
                </span>
                <span className="card-said" dir="auto">
                  {one.lastText}
                </span>
                <span className="card-foot">{dayAndTime(one.updatedAt, locale)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Await>
  )
}
