import { ActionIcon, Badge, Button, Select, Tooltip } from '@mantine/core'
import { type ReactNode, useId, useState } from 'react'
import type { DeskView, RequestReason, RequestRow } from '../../../http/api/console/types'
import type { Locale } from '../../shared/locale'
import { useDesk } from '../data/desk'
import { useLocale, useWords } from '../data/language'
import { useNow } from '../data/use-now'
import { type Filters, filtered, isFiltered, noFilters } from '../model/filters'
import { dayAndTime, spoken } from '../model/spans'
import { Await, Empty } from '../parts/empty'
import { Icon } from '../parts/icons'
import { usePresence } from '../parts/use-presence'
import { deskWords } from '../words/desk'
import { shellWords } from '../words/shell'
import { BotOwned } from './bot-owned'
import { RequestCard } from './request-card'
import { useTake } from './use-take'

/** The left side: who waits, one's own conversations, and those of colleagues for whoever may see them. */
export function Lists({ openId }: { openId: number | null }) {
  const { loaded, reload } = useDesk()
  return (
    <Await loaded={loaded} onAgain={reload} lines={7}>
      {(view) => <ListsOf view={view} openId={openId} />}
    </Await>
  )
}

function ListsOf({ view, openId }: { view: DeskView; openId: number | null }) {
  const words = useWords(deskWords)
  const now = useNow(1_000)
  const { takeNext } = useTake()
  const [filters, setFilters] = useState<Filters>(noFilters)
  const [isFiltering, setFiltering] = useState(false)
  const waiting = filtered(view.waiting, filters)
  const [busy, setBusy] = useState(false)
  const take = async (): Promise<void> => {
    setBusy(true)
    await takeNext()
    setBusy(false)
  }
  const cards = (rows: readonly RequestRow[]) =>
    rows.map((row) => <RequestCard key={row.id} row={row} isOpen={row.id === openId} nowMs={now} />)
  return (
    <nav className="lists" aria-label={words.lists}>
      <div className="lists-head">
        <Button fullWidth disabled={view.waiting.length === 0} loading={busy} onClick={() => void take()}>
          {words.takeNext}
        </Button>
        <Tooltip label={words.filters}>
          <ActionIcon
            variant={isFiltered(filters) ? 'light' : 'default'}
            size={36}
            aria-label={words.filters}
            aria-expanded={isFiltering}
            onClick={() => setFiltering(!isFiltering)}
          >
            <Icon name="filter" />
          </ActionIcon>
        </Tooltip>
      </div>
      {isFiltering && <FilterFields teams={view.teams} filters={filters} onFilters={setFilters} />}
      <NotOnline />
      <OpeningHours view={view} />
      <List title={words.queue} count={view.waiting.length} isUrgent>
        {waiting.length > 0 ? (
          cards(waiting)
        ) : isFiltered(filters) && view.waiting.length > 0 ? (
          <li className="list-none">
            {words.nothingFits}{' '}
            <Button size="compact-xs" variant="subtle" onClick={() => setFilters(noFilters)}>
              {words.clearFilters}
            </Button>
          </li>
        ) : (
          <li className="list-none">{words.nobodyWaits}</li>
        )}
      </List>
      <List title={words.mine} count={view.mine.length}>
        {view.mine.length > 0 ? (
          cards(view.mine)
        ) : (
          <li>
            <Empty icon="desk" title={words.nothingMine} note={words.nothingMineNote} />
          </li>
        )}
      </List>
      {view.others.length > 0 && (
        <List title={words.others} count={view.others.length}>
          {cards(view.others)}
        </List>
      )}
      <BotOwned />
    </nav>
  )
}

function List(props: { title: string; count: number; isUrgent?: boolean; children: ReactNode }) {
  const id = useId()
  return (
    <section className="list" aria-labelledby={id}>
      <h2 id={id}>
        {props.title}
        <Badge
          size="sm"
          circle={props.count < 10}
          variant={props.isUrgent && props.count > 0 ? 'filled' : 'light'}
          color={props.isUrgent && props.count > 0 ? 'regulars' : 'gray'}
        >
          {props.count}
        </Badge>
      </h2>
      <ul>{props.children}</ul>
    </section>
  )
}

/** Who is not online should know why nothing comes. */
function NotOnline() {
  const words = useWords(deskWords)
  const { presence, busy, choose } = usePresence()
  if (presence === 'online') return null
  return (
    <div className="not-online">
      <span>{words.notOnline[presence]}</span>
      <Button size="compact-xs" variant="default" loading={busy} onClick={() => void choose('online')}>
        {words.goOnline}
      </Button>
    </div>
  )
}

function OpeningHours({ view }: { view: DeskView }) {
  const words = useWords(deskWords)
  const locale = useLocale()
  const { isOpen, opensAt } = view.open
  const says = !isOpen
    ? opensAt === null
      ? words.closedNowOnly
      : words.closedNow(dayAndTime(opensAt, locale))
    : view.expectedWaitSeconds === null
      ? undefined
      : words.expectedWait(spoken(view.expectedWaitSeconds, locale))
  return says === undefined ? null : (
    <p className="lists-says">
      <Icon name="clock" size={15} />
      {says}
    </p>
  )
}

function FilterFields(props: { teams: readonly string[]; filters: Filters; onFilters: (filters: Filters) => void }) {
  const { teams, filters, onFilters } = props
  const words = useWords(deskWords)
  const shell = useWords(shellWords)
  const field = { size: 'xs', clearable: true, comboboxProps: { shadow: 'md' } } as const
  return (
    <div className="filters">
      <Select
        {...field}
        aria-label={words.anyLanguage}
        placeholder={words.anyLanguage}
        value={filters.locale}
        onChange={(locale) => onFilters({ ...filters, locale: locale as Locale | null })}
        data={(['en', 'zh'] as const).map((value) => ({ value, label: shell.languages[value] }))}
      />
      <Select
        {...field}
        aria-label={words.anyReason}
        placeholder={words.anyReason}
        value={filters.reason}
        onChange={(reason) => onFilters({ ...filters, reason: reason as RequestReason | null })}
        data={Object.entries(words.reasons).map(([value, label]) => ({ value, label }))}
      />
      {teams.length > 0 && (
        <Select
          {...field}
          aria-label={words.anyTeam}
          placeholder={words.anyTeam}
          value={filters.team}
          onChange={(team) => onFilters({ ...filters, team })}
          data={[...teams]}
        />
      )}
    </div>
  )
}
