import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Locale, locales } from '../../src/core/locale'
import { type PageId, pageIds } from './page-ids'

/** One answer in one language. `related` names other pages and conversations. */
export interface Page {
  readonly title: string
  readonly related: readonly string[]
  /** Markdown, as the merchant wrote it. */
  readonly text: string
}

export type Pages = Readonly<Record<Locale, ReadonlyMap<string, Page>>>

/** Where the pages are: beside the sources, which a built program finds from its place in dist/dialogs/answers. */
export function pagesFolder(): string {
  const beside = path.join(__dirname, 'pages')
  return existsSync(beside) ? beside : path.join(__dirname, '../../../dialogs/answers/pages')
}

/** Reads all pages. Throws when one is missing in a language, or has no title or no text. */
export function loadPages(folder: string): Pages {
  const read = (locale: Locale) =>
    new Map(pageIds.map((id: PageId) => [id, parsePage(path.join(folder, locale, `${id}.md`))] as const))
  const [en, zh] = locales.map(read)
  if (!en || !zh) throw new Error('pages are read for English and Chinese')
  return { en, zh }
}

const FRONT_MATTER = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/

function parsePage(file: string): Page {
  const [, head, body] = FRONT_MATTER.exec(readFileSync(file, 'utf8').replaceAll('\r\n', '\n')) ?? []
  const title = head && /^title: *(.+)$/m.exec(head)?.[1]?.trim()
  const text = body?.trim()
  if (!title || !text) throw new Error(`${file} needs "---", a "title: …" line, "---" and a text`)
  const related = /^related: *\[(.*)\]$/m.exec(head)?.[1] ?? ''
  const ids = related.split(',').map((id) => id.trim())
  return { title, text, related: ids.filter((id) => id !== '') }
}
