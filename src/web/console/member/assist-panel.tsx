import { Button } from '@mantine/core'
import type { Assist, MemberPicture } from '../../../http/api/console/types'
import { useDesk } from '../data/desk'
import { useLocale, useWords } from '../data/language'
import { useSession } from '../data/session'
import { useLoaded } from '../data/use-loaded'
import { Await } from '../parts/empty'
import { memberWords } from '../words/member'
import { Block } from './block'
import { GivePanel } from './give-panel'

/** What helps to answer: what happened before, replies that fit, and what one may give. */
export function AssistPanel(props: {
  requestId: number
  member: MemberPicture | null
  onUse: (text: string) => void
  onGiven: () => void
}) {
  const { requestId, member, onUse, onGiven } = props
  const { loaded, reload } = useLoaded<Assist>(`requests/${requestId}/assist`)
  const words = useWords(memberWords)
  const locale = useLocale()
  const { view } = useDesk()
  const { me } = useSession()
  const isMine = view?.mine.some(({ id, staff }) => id === requestId && staff?.id === me.id) ?? false
  return (
    <Await loaded={loaded} onAgain={reload} lines={8}>
      {(assist) => (
        <div className="assist">
          <Block title={words.summary}>
            <p className="summary" dir="auto">
              {assist.summary}
            </p>
          </Block>
          <Block title={words.replies}>
            {assist.replies.length === 0 ? (
              <p className="fine">{words.noReplies}</p>
            ) : (
              <ul className="suggestions">
                {assist.replies.map((reply) => (
                  <li key={`${reply.source} ${reply.title} ${reply.text}`}>
                    <p className="suggestion-from">
                      {words.sources[reply.source]} · {reply.title}
                    </p>
                    <p className="suggestion-text" dir="auto">
                      {reply.text}
                    </p>
                    {isMine && (
                      <Button
                        size="compact-xs"
                        variant="light"
                        aria-label={words.useThis(reply.title)}
                        onClick={() => onUse(reply.text)}
                      >
                        {words.use}
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
            )}
          </Block>
          {member && (
            <GivePanel
              key={locale}
              requestId={requestId}
              assist={assist}
              isMine={isMine}
              name={member.displayName ?? member.memberId}
              onGiven={() => {
                reload()
                onGiven()
              }}
            />
          )}
        </div>
      )}
    </Await>
  )
}
