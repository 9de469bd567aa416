import { Tabs } from '@mantine/core'
import { useWords } from '../data/language'
import { usePicture } from '../data/use-picture'
import { Await, Empty } from '../parts/empty'
import { Icon } from '../parts/icons'
import { memberWords } from '../words/member'
import { AssistPanel } from './assist-panel'
import { Picture } from './picture'

/** The right side: what helps to answer, and who it is. */
export function MemberColumn({ requestId, onUse }: { requestId: number; onUse: (text: string) => void }) {
  const words = useWords(memberWords)
  const picture = usePicture(requestId)
  const member = picture.loaded.state === 'ready' ? picture.loaded.body.member : null
  return (
    <Tabs defaultValue="assist" keepMounted={false} className="member-tabs">
      <Tabs.List grow>
        <Tabs.Tab value="assist" leftSection={<Icon name="spark" size={15} />}>
          {words.assist}
        </Tabs.Tab>
        <Tabs.Tab value="picture" leftSection={<Icon name="person" size={15} />}>
          {words.picture}
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="assist" className="member-panel">
        <AssistPanel requestId={requestId} member={member} onUse={onUse} onGiven={picture.reload} />
      </Tabs.Panel>
      <Tabs.Panel value="picture" className="member-panel">
        <Await loaded={picture.loaded} onAgain={picture.reload} lines={10}>
          {(body) =>
            body.member ? (
              <Picture member={body.member} />
            ) : (
              <Empty icon="person" title={words.strangerTitle} note={words.strangerNote} />
            )
          }
        </Await>
      </Tabs.Panel>
    </Tabs>
  )
}
