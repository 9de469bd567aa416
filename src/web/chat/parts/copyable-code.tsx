import { useState } from 'preact/hooks'
import type { ChatWords } from '../words'
import { CheckIcon, CopyIcon } from './icons'

const shownMs = 1_600

/** A code that one press copies: coupon codes are for taking elsewhere. */
export function CopyableCode({ text, words }: { text: string; words: ChatWords }) {
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
    <span class="code">
      <code dir="ltr">{text}</code>
      <button type="button" aria-label={`${words.copy} ${text}`} title={words.copy} onClick={() => void copy()}>
        {copied ? <CheckIcon /> : <CopyIcon />}
      </button>
      <span class="visually-hidden" role="status">
        {copied ? words.copied : ''}
      </span>
    </span>
  )
}
