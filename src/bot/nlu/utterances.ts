import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Locale } from '../../core/locale'

export interface Utterance {
  readonly intent: string
  readonly text: string
}

/**
 * Reads how people say it: `utterances.<locale>.txt` in each conversation's folder, one utterance a line under the heading
 * of its intent (`# intent-id`); lines that start with `//` are comments.
 * Throws, naming file and line, on an utterance before the first heading.
 */
export function readUtterances(dialogsFolder: string, locale: Locale): Utterance[] {
  const found: Utterance[] = []
  for (const folder of readdirSync(dialogsFolder).sort()) {
    const file = path.join(dialogsFolder, folder, `utterances.${locale}.txt`)
    if (existsSync(file)) found.push(...parseUtterances(readFileSync(file, 'utf8'), file))
  }
  return found
}

/** Parses one such file's text. */
export function parseUtterances(text: string, file: string): Utterance[] {
  const found: Utterance[] = []
  let intent: string | undefined
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('//')) continue
    if (trimmed.startsWith('# ')) {
      intent = trimmed.slice(2).trim()
      continue
    }
    if (!intent) throw new Error(`${file}:${index + 1}: "${trimmed}" stands before the first "# intent" heading`)
    found.push({ intent, text: trimmed })
  }
  return found
}
