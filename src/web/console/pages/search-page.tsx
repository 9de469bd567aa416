import { TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Fragment, type ReactNode, useState } from 'react'
import type { SearchResult } from '../../../http/api/console/types'
import { useLocale, useWords } from '../data/language'
import { useLoaded } from '../data/use-loaded'
import { dayAndTime } from '../model/spans'
import { Await, Empty } from '../parts/empty'
import { Icon } from '../parts/icons'
import { pageWords } from '../words/pages'
import { shellWords } from '../words/shell'
import { Page } from './page'

/** Words in everything that was said with a person. */
export function SearchPage() {
  const words = useWords(pageWords)
  const [typed, setTyped] = useState('')
  const [settled] = useDebouncedValue(typed.trim(), 250)
  return (
    <Page title={words.searchTitle} note={words.searchNote}>
      <TextInput
        autoFocus
        type="search"
        size="md"
        aria-label={words.searchLabel}
        placeholder={words.searchLabel}
        leftSection={<Icon name="search" />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {settled !== '' && <Results wanted={settled} />}
    </Page>
  )
}

function Results({ wanted }: { wanted: string }) {
  const words = useWords(pageWords)
  const shell = useWords(shellWords)
  const locale = useLocale()
  const { loaded, reload } = useLoaded<{ results: readonly SearchResult[] }>(`search?q=${encodeURIComponent(wanted)}`)
  return (
    <Await loaded={loaded} onAgain={reload}>
      {({ results }) => (
        <section className="results" aria-live="polite">
          <p className="fine">{results.length === 0 ? '' : words.searchCount(results.length)}</p>
          {results.length === 0 && <Empty icon="search" title={words.searchNothing(wanted)} />}
          <ul>
            {results.map((result, index) => (
              <li key={index}>
                <a className="result" href={`#/desk/${result.requestId}`}>
                  <span className="row-split">
                    <strong dir="auto">{result.displayName ?? shell.stranger}</strong>
                    <span className="fine">{dayAndTime(result.at, locale)}</span>
                  </span>
                  <span className="result-said" dir="auto">
                    <Marked text={result.snippet} marks={result.marks} />
                  </span>
                  <span className="fine">
                    {words.authors[result.author]} · {words.statuses[result.status]}
                  </span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Await>
  )
}

/** A text with the places marked that were looked for. */
function Marked({ text, marks }: { text: string; marks: SearchResult['marks'] }): ReactNode {
  const parts: ReactNode[] = []
  let at = 0
  for (const { from, length } of marks) {
    if (from < at) continue
    parts.push(text.slice(at, from), <mark key={from}>{text.slice(from, from + length)}</mark>)
    at = from + length
  }
  parts.push(text.slice(at))
  return parts.map((part, index) => <Fragment key={index}>{part}</Fragment>)
}
