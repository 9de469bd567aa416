import { useState } from 'preact/hooks'
import type { ChatWords } from '../words'
import { CheckIcon, CopyIcon } from './icons'

const shownMs = 1_600

/** A code that one press copies. */
export function CopyableCode({ text, words }: { text: string; words: ChatWords }) {
  return (
    <span class="code">
      <code dir="ltr">{text}</code>
      <CopyButton text={text} words={words} />
    </span>
  )
}

/** Copies a text, and says so. */
export function CopyButton({ text, words, className }: { text: string; words: ChatWords; className?: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
    } catch (error) {
      // Frames may be kept from the clipboard; the code can still be selected.
      console.debug('no clipboard', error)
      return
    }
    setCopied(true)
    setTimeout(() => setCopied(false), shownMs)
  }
  return (
    <>
      <button
        type="button"
        class={className}
        aria-label={`${words.copy} ${text}`}
        title={words.copy}
        onClick={() => void copy()}
      >
        {copied ? <CheckIcon /> : <CopyIcon />}
      </button>
      <span class="visually-hidden" role="status">
        {copied ? words.copied : ''}
      </span>
    </>
  )
}
