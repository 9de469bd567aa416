import { useEffect, useState } from 'preact/hooks'
import type { Locale } from '../shared/locale'
import { type DemoMember, findMembers } from './members'
import type { shopWords } from './words'

type Words = (typeof shopWords)[Locale]

interface PickerProps {
  readonly locale: Locale
  readonly words: Words
  readonly chosen: string | undefined
  readonly onChoose: (memberId: string | undefined) => Promise<void>
}

/** Who one may be: a customer of the demo shop, or a guest. */
export function MemberPicker({ locale, words, chosen, onChoose }: PickerProps) {
  const [search, setSearch] = useState('')
  const { members, state, again } = useMembers(search)
  const [failed, setFailed] = useState(false)
  const choose = (memberId: string | undefined): void => {
    setFailed(false)
    onChoose(memberId).catch((error: unknown) => {
      console.warn('could not become this customer', error)
      setFailed(true)
    })
  }
  return (
    <section>
      <h2>{words.who}</h2>
      <p class="note">{words.whoNote}</p>
      <label class="search">
        <span class="visually-hidden">{words.search}</span>
        <SearchIcon />
        <input
          type="search"
          value={search}
          maxLength={80}
          placeholder={words.searchPlaceholder}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      </label>
      <p class="visually-hidden" role="status">
        {state === 'loading' ? words.loading : state === 'none' ? words.none : ''}
      </p>
      {(state === 'failed' || failed) && (
        <p class="problem" role="alert">
          {words.failed}
          <button type="button" onClick={again}>
            {words.again}
          </button>
        </p>
      )}
      {state === 'none' && <p class="note">{words.none}</p>}
      <ul class="members" aria-busy={state === 'loading'}>
        {search === '' && (
          <li>
            <GuestCard words={words} chosen={chosen === undefined} onChoose={() => choose(undefined)} />
          </li>
        )}
        {members.map((member) => (
          <li key={member.id}>
            <MemberCard
              member={member}
              locale={locale}
              words={words}
              chosen={member.id === chosen}
              onChoose={() => choose(member.id)}
            />
          </li>
        ))}
        {state === 'loading' && members.length === 0 && [1, 2, 3, 4, 5].map((key) => <li key={key} class="blank" />)}
      </ul>
    </section>
  )
}

function GuestCard({ words, chosen, onChoose }: { words: Words; chosen: boolean; onChoose: () => void }) {
  return (
    <button type="button" class="member guest" aria-pressed={chosen} onClick={onChoose}>
      <span class="face" aria-hidden="true">
        ?
      </span>
      <span class="who">
        <strong>{words.stranger}</strong>
        <span class="about">{words.strangerNote}</span>
        {chosen && <span class="you">{words.chattingAs}</span>}
      </span>
    </button>
  )
}

function MemberCard(props: {
  member: DemoMember
  locale: Locale
  words: Words
  chosen: boolean
  onChoose: () => void
}) {
  const { member, locale, words, chosen, onChoose } = props
  const hue = [...member.id].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 6, 0)
  return (
    <button type="button" class="member" aria-pressed={chosen} onClick={onChoose}>
      <span class="face" data-hue={hue} aria-hidden="true">
        {initials(member.displayName)}
      </span>
      <span class="who">
        <strong dir="auto">{member.displayName}</strong>
        <span class="about" dir="auto">
          {member.description[locale]}
        </span>
        <span class="tags">
          <span class="tag" data-tier={member.tier}>
            {words.tiers[member.tier] ?? member.tier}
          </span>
          <span class="tag">{words.points(member.points.toLocaleString(locale))}</span>
          <span class="tag">{words.speaks[member.locale]}</span>
        </span>
        {chosen && <span class="you">{words.chattingAs}</span>}
      </span>
    </button>
  )
}

/** Two letters of a Latin name; the given name's last character of a Chinese one. */
function initials(name: string): string {
  if (/\p{Script=Han}/u.test(name)) return [...name].slice(-1).join('')
  const words = name.split(/\s+/).filter(Boolean)
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.[0]?.toUpperCase() ?? '').join('')
}

function useMembers(search: string) {
  const [members, setMembers] = useState<readonly DemoMember[]>([])
  const [state, setState] = useState<'loading' | 'found' | 'none' | 'failed'>('loading')
  const [tries, setTries] = useState(0)
  useEffect(() => {
    const abort = new AbortController()
    setState('loading')
    const load = async (): Promise<void> => {
      try {
        const found = await findMembers(search.trim(), abort.signal)
        setMembers(found)
        setState(found.length > 0 ? 'found' : 'none')
      } catch (error) {
        if (abort.signal.aborted) return
        console.warn('no customers', error)
        setState('failed')
      }
    }
    const timer = setTimeout(() => void load(), search === '' ? 0 : 220)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [search, tries])
  return { members, state, again: () => setTries(tries + 1) }
}

function SearchIcon() {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
      <circle cx="11" cy="11" r="6.5" />
      <path d="M16 16l4.5 4.5" />
    </svg>
  )
}
