import { ActionIcon, Avatar, Badge, Menu, SegmentedControl, Tooltip, useMantineColorScheme } from '@mantine/core'
import { useLocale, useWords } from '../data/language'
import { isAtLeast } from '../data/roles'
import { useSession } from '../data/session'
import { useAlerts } from '../data/use-alerts'
import { hrefOf, type Route } from '../model/route'
import { shellWords } from '../words/shell'
import { Cup } from './cup'
import { Icon, type IconName } from './icons'
import { PresenceSwitch } from './presence-switch'

type Page = Exclude<Route['page'], 'invitation'>

/** The head of the console: the ways between its pages, one's presence, and one's own menu. */
export function TopBar({ route, onHelp }: { route: Route; onHelp: () => void }) {
  const { me, merchant, demo } = useSession()
  const locale = useLocale()
  const words = useWords(shellWords)
  const pages: readonly (readonly [Page, IconName])[] = [
    ['desk', 'desk'],
    ['search', 'search'],
    ['canned', 'quick'],
    ['reports', 'chart'],
    ...(isAtLeast(me.role, 'supervisor') ? [['staff', 'people'] as const] : []),
  ]
  return (
    <header className="bar">
      <a className="bar-brand" href={hrefOf({ page: 'desk', requestId: null })}>
        <Cup size={28} />
        <span className="bar-name">{merchant[locale]}</span>
      </a>
      {demo && (
        <Badge size="sm" variant="light" color="yellow" className="demo-badge">
          {words.demo}
        </Badge>
      )}
      <nav className="bar-pages" aria-label={words.pages}>
        {pages.map(([page, icon]) => (
          <a
            key={page}
            href={hrefOf(page === 'desk' ? { page, requestId: null } : { page })}
            aria-current={route.page === page ? 'page' : undefined}
            title={words[page]}
          >
            <Icon name={icon} />
            <span>{words[page]}</span>
          </a>
        ))}
      </nav>
      <div className="bar-own">
        <PresenceSwitch />
        <AlertsButton />
        <Tooltip label={words.help}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={words.help} onClick={onHelp}>
            <Icon name="help" />
          </ActionIcon>
        </Tooltip>
        <OwnMenu />
      </div>
    </header>
  )
}

function AlertsButton() {
  const words = useWords(shellWords)
  const { isOn, toggle } = useAlerts()
  const label = isOn ? words.soundOn : words.soundOff
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        aria-pressed={isOn}
        onClick={() => void toggle()}
      >
        <Icon name={isOn ? 'bell' : 'bellOff'} />
      </ActionIcon>
    </Tooltip>
  )
}

function OwnMenu() {
  const { me, signOut } = useSession()
  const words = useWords(shellWords)
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Menu position="bottom-end" width={250} shadow="md">
      <Menu.Target>
        <ActionIcon variant="transparent" size={36} radius="xl" aria-label={words.menu(me.displayName)}>
          <Avatar color="regulars" size={34} aria-hidden="true">
            <Icon name="person" />
          </Avatar>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <div className="own-head">
          <strong>{me.displayName}</strong>
          <span className="fine">{words.roles[me.role]}</span>
        </div>
        <Menu.Item component="a" href={hrefOf({ page: 'account' })} leftSection={<Icon name="person" />}>
          {words.account}
        </Menu.Item>
        <div className="own-theme">
          <span className="fine" id="own-theme">
            {words.theme}
          </span>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-labelledby="own-theme"
            value={colorScheme}
            onChange={(value) => setColorScheme(value as typeof colorScheme)}
            data={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: words.themes[value] }))}
          />
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="out" />} onClick={() => signOut(false)}>
          {words.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
