import { Button, Menu } from '@mantine/core'
import { useState } from 'react'
import type { Presence } from '../../../http/api/console/types'
import { post } from '../data/ask'
import { useDesk } from '../data/desk'
import { useWords } from '../data/language'
import { useSession } from '../data/session'
import { shellWords } from '../words/shell'
import { Icon } from './icons'
import { useTell } from './tell'

const presences: readonly Presence[] = ['online', 'away', 'offline']

/** Whether one is at the desk: new conversations come only to those who are. */
export function PresenceSwitch() {
  const { me, change } = useSession()
  const { view, reload } = useDesk()
  const words = useWords(shellWords)
  const tell = useTell()
  const [busy, setBusy] = useState(false)
  // The server puts away those whose browser is gone: its lists know better than the session that was read once.
  const presence = view?.colleagues.find(({ id }) => id === me.id)?.presence ?? me.presence
  const choose = async (next: Presence): Promise<void> => {
    setBusy(true)
    const answer = await post('presence', { presence: next })
    setBusy(false)
    if (!answer.ok) return tell.refused(answer)
    change({ presence: next })
    reload()
  }
  return (
    <Menu position="bottom-end" width={270} shadow="md">
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          loading={busy}
          className="presence"
          aria-label={`${words.presence}: ${words.presences[presence]}`}
          leftSection={<span className="dot" data-presence={presence} />}
          rightSection={<Icon name="chevron" size={14} />}
        >
          {words.presences[presence]}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {presences.map((one) => (
          <Menu.Item
            key={one}
            leftSection={<span className="dot" data-presence={one} />}
            onClick={() => void choose(one)}
          >
            {words.presences[one]}
            <span className="fine">{words.presenceMeans[one]}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
