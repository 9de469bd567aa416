import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

const folder = path.join(__dirname, '../../dist/web')
const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8')

/** The files that a page brings along: its own, and those that its scripts import. */
function filesOf(page: string): string[] {
  const found = new Set<string>()
  const follow = (name: string, text: string): void => {
    for (const [, file] of text.matchAll(
      /(?:src|href|from|import)\s*[=(]?\s*["'`]\.\/((?:assets\/)?[\w.-]+\.(?:js|css))["'`]/g,
    )) {
      const full = file?.startsWith('assets/') || name === page ? (file ?? '') : `assets/${file}`
      if (found.has(full)) continue
      found.add(full)
      follow(full, read(full))
    }
  }
  follow(page, read(page))
  return [page, ...found]
}

describe('the built widget', () => {
  test('weighs at most 180 kB gzipped in all: the script, the frame, its code and styles', () => {
    const files = ['widget.js', ...filesOf('chat.html')]
    expect(files.some((file) => /chat-.*\.js$/.test(file))).toBe(true)
    expect(files.some((file) => /chat-.*\.css$/.test(file))).toBe(true)
    const bytes = files.map((file) => gzipSync(read(file), { level: 9 }).length)
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(180_000)
  })

  test('costs a shop’s page at most 8 kB until somebody wants to chat', () => {
    expect(gzipSync(read('widget.js'), { level: 9 }).length).toBeLessThanOrEqual(8_000)
  })

  test('is a classic script that imports nothing and leaves no names behind', () => {
    const script = read('widget.js').trim()
    expect(script).toMatch(/^\(function\(\)\{/)
    expect(script).not.toMatch(/\bimport\s*[({"'`]|\bexport\s/)
  })

  test.each(['index.html', 'mailbox.html', 'chat.html'])('%s has no script or style of its own', (page) => {
    const html = read(page)
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/)
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/)
  })

  test('brings no source of other hosts', () => {
    for (const name of readdirSync(folder)) {
      if (name.endsWith('.html')) expect(read(name)).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
    }
  })
})
