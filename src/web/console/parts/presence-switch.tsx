import { Button, Menu } from '@mantine/core'
import type { Presence } from '../../../http/api/console/types'
import { useWords } from '../data/language'
import { shellWords } from '../words/shell'
import { Icon } from './icons'
import { usePresence } from './use-presence'

const presences: readonly Presence[] = ['online', 'away', 'offline']

/** Whether one is at the desk: new conversations come only to those who are. */
export function PresenceSwitch() {
  const words = useWords(shellWords)
  const { presence, busy, choose } = usePresence()
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
