import { useEffect, useState } from 'preact/hooks'
import { fetchJson } from '../page/fetch-json'
import { writeLocale } from '../page/page-locale'
import { TopBar } from '../page/top-bar'
import type { Locale } from '../shared/locale'
import { mailboxWords } from './words'

interface Mail {
  readonly id: string
  readonly recipient: string
  readonly subject: string
  readonly body: string
  readonly createdAt: string
}

type Words = (typeof mailboxWords)[Locale]

const everyMs = 3_000

/** The mails of the demo, newest first, looked for again every few seconds while the page is seen. */
export function MailboxPage({ startLocale }: { startLocale: Locale }) {
  const [locale, setLocale] = useState(startLocale)
  const { mails, failed } = useMails()
  const words = mailboxWords[locale]
  useEffect(() => {
    document.title = words.title
  }, [words])
  return (
    <>
      <TopBar
        locale={locale}
        here="mailbox"
        onLocale={(next) => {
          setLocale(next)
          writeLocale(next)
        }}
      />
      <main class="mailbox">
        <h1>{words.title}</h1>
        <p class="note">{words.note}</p>
        {failed && (
          <p class="problem" role="alert">
            {words.failed}
          </p>
        )}
        <p class="visually-hidden" role="status">
          {mails ? words.arrived(mails.length) : ''}
        </p>
        {mails?.length === 0 && (
          <div class="empty">
            <EnvelopeIcon />
            <h2>{words.empty}</h2>
            <p>{words.emptyNote}</p>
          </div>
        )}
        <ul class="mails">
          {mails?.map((mail) => (
            <li key={mail.id}>
              <MailCard mail={mail} locale={locale} words={words} />
            </li>
          ))}
        </ul>
      </main>
    </>
  )
}

function MailCard({ mail, locale, words }: { mail: Mail; locale: Locale; words: Words }) {
  const [copied, setCopied] = useState(false)
  const code = /\b\d{3} ?\d{3}\b/.exec(mail.body)?.[0]
  const at = new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
  }).format(Date.parse(mail.createdAt))
  const copy = async (): Promise<void> => {
    if (!code) return
    await navigator.clipboard.writeText(code.replace(' ', ''))
    setCopied(true)
    setTimeout(() => setCopied(false), 1_600)
  }
  return (
    <article class="mail">
      <header>
        <h2 dir="auto">{mail.subject}</h2>
        <p>
          {words.to}: <span dir="ltr">{mail.recipient}</span> · <time dateTime={mail.createdAt}>{at}</time>
        </p>
      </header>
      {code && (
        <p class="one-time">
          <span>{words.code}</span>
          <strong>{code}</strong>
          <button type="button" onClick={() => void copy()}>
            {copied ? words.copied : words.copy}
          </button>
        </p>
      )}
      <p class="body" dir="auto">
        {mail.body}
      </p>
    </article>
  )
}

function useMails() {
  const [mails, setMails] = useState<readonly Mail[]>()
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let stopped = false
    const look = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return
      try {
        const found = await fetchJson<{ mails: Mail[] }>('api/demo/mailbox')
        if (stopped) return
        setMails(found.mails.toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt)))
        setFailed(false)
      } catch (error) {
        console.warn('no mailbox', error)
        if (!stopped) setFailed(true)
      }
    }
    void look()
    const timer = setInterval(() => void look(), everyMs)
    const onSeen = (): void => void look()
    document.addEventListener('visibilitychange', onSeen)
    return () => {
      stopped = true
      clearInterval(timer)
      document.removeEventListener('visibilitychange', onSeen)
    }
  }, [])
  return { mails, failed }
}

function EnvelopeIcon() {
  return (
    <svg viewBox="0 0 48 48" width="56" height="56" aria-hidden="true" focusable="false">
      <rect x="6" y="11" width="36" height="27" rx="6" />
      <path d="M8 15l16 13 16-13" />
    </svg>
  )
}
