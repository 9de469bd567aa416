import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { writeLocale } from '../page/page-locale'
import type { Locale } from '../shared/locale'
import { type Answered, ask, forgetKey, hasKey, keepKey } from './ask'
import { CampaignPage } from './campaign-page'
import { JobsPage } from './jobs-page'
import type { CampaignResults, CampaignSummary, JobRow } from './shapes'
import { type ManagerWords, managerWords } from './words'

/** The managers' pages: `/campaigns`, `/campaigns?campaign=CODE` and `/jobs`. */
export function ManagerPages({ startLocale }: { startLocale: Locale }) {
  const [locale, setLocale] = useState(startLocale)
  const words = managerWords[locale]
  const isJobs = /\/jobs\/?$/.test(location.pathname)
  const code = new URLSearchParams(location.search).get('campaign')
  useEffect(() => {
    document.title = isJobs ? words.jobs : words.campaigns
  }, [words, isJobs])
  const shown = { locale, words }
  return (
    <>
      <header class="top">
        <nav aria-label={words.pages}>
          <a href="./campaigns" aria-current={isJobs ? undefined : 'page'}>
            {words.campaigns}
          </a>
          <a href="./jobs" aria-current={isJobs ? 'page' : undefined}>
            {words.jobs}
          </a>
        </nav>
        <nav aria-label={words.otherLanguage}>
          {hasKey() && (
            <button
              type="button"
              onClick={() => {
                forgetKey()
                location.reload()
              }}
            >
              {words.leave}
            </button>
          )}
          <button
            type="button"
            lang={locale === 'zh' ? 'en' : 'zh-CN'}
            onClick={() => {
              const next = locale === 'zh' ? 'en' : 'zh'
              setLocale(next)
              writeLocale(next)
            }}
          >
            {words.otherLanguage}
          </button>
        </nav>
      </header>
      <main class="managers">
        {isJobs ? (
          <Asked<{ jobs: JobRow[] }> address="api/jobs" words={words}>
            {({ jobs }) => <JobsPage jobs={jobs} {...shown} />}
          </Asked>
        ) : code === null ? (
          <Asked<{ campaigns: CampaignSummary[] }> address="api/campaigns" words={words}>
            {({ campaigns }) => <CampaignList campaigns={campaigns} words={words} />}
          </Asked>
        ) : (
          <Asked<CampaignResults> address={`api/campaigns/${encodeURIComponent(code)}`} words={words}>
            {(results) => <CampaignPage results={results} {...shown} />}
          </Asked>
        )}
      </main>
    </>
  )
}

/** Asks for what a page shows, and sees to all that can come instead of it. */
function Asked<Body>(props: { address: string; words: ManagerWords; children: (body: Body) => ComponentChildren }) {
  const { address, words, children } = props
  const [answered, setAnswered] = useState<Answered<Body>>()
  const [tries, setTries] = useState(0)
  // A new try asks again, too.
  useEffect(() => {
    let stopped = false
    void ask<Body>(address).then((answer) => {
      if (!stopped) setAnswered(answer)
    })
    return () => {
      stopped = true
    }
  }, [address, tries])
  const again = () => setTries((count) => count + 1)
  switch (answered?.kind) {
    case undefined:
      return <p role="status">{words.loading}</p>
    case 'known':
      return <>{children(answered.body)}</>
    case 'key-needed':
    case 'key-wrong':
      return <KeyForm isWrong={answered.kind === 'key-wrong'} words={words} onKey={again} />
    case 'sign-in-needed':
      return <SignInNote text={words.signInNeeded} words={words} />
    case 'role-needed':
      return <SignInNote text={words.roleNeeded} words={words} />
    case 'unknown':
      return <p class="problem">{words.unknownCampaign}</p>
    case 'failed':
      return (
        <p class="problem" role="alert">
          {words.failed}
          <button type="button" onClick={again}>
            {words.again}
          </button>
        </p>
      )
  }
}

function SignInNote({ text, words }: { text: string; words: ManagerWords }) {
  return (
    <>
      <h1>{words.signInTitle}</h1>
      <p class="note">{text}</p>
      <p>
        <a href="./console">{words.signIn}</a>
      </p>
    </>
  )
}

function KeyForm({ isWrong, words, onKey }: { isWrong: boolean; words: ManagerWords; onKey: () => void }) {
  const [key, setKey] = useState('')
  return (
    <form
      class="key"
      onSubmit={(event) => {
        event.preventDefault()
        keepKey(key)
        onKey()
      }}
    >
      <h1>{words.keyTitle}</h1>
      <p class="note">
        {words.keyNote} <a href="./console">{words.signIn}</a>
      </p>
      <label>
        {words.keyLabel}
        <input
          type="password"
          autocomplete="off"
          required
          value={key}
          aria-invalid={isWrong}
          onInput={(event) => setKey(event.currentTarget.value)}
        />
      </label>
      <button type="submit">{words.enter}</button>
      {isWrong && (
        <p class="problem" role="alert">
          {words.keyWrong}
        </p>
      )}
    </form>
  )
}

function CampaignList({ campaigns, words }: { campaigns: readonly CampaignSummary[]; words: ManagerWords }) {
  return (
    <>
      <h1>{words.campaigns}</h1>
      {campaigns.length === 0 ? (
        <div class="empty">
          <h2>{words.noCampaigns}</h2>
          <p>{words.noCampaignsNote}</p>
        </div>
      ) : (
        <div class="wide">
          <table>
            <thead>
              <tr>
                {[words.name, words.status, words.members, words.sent].map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {campaigns.map(({ code, name, status, members, sent }) => (
                <tr key={code}>
                  <th scope="row">
                    <a href={`./campaigns?campaign=${encodeURIComponent(code)}`} dir="auto">
                      {name}
                    </a>
                  </th>
                  <td>
                    <span class={`badge ${status}`}>{words.statuses[status]}</span>
                  </td>
                  <td>{members}</td>
                  <td>{sent}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}
