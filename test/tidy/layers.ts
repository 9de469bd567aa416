import path from 'node:path'
import type { SourceFile } from './source-file'

/** The parts of the program, each by the files that belong to it; the first match counts. */
const LAYERS: readonly (readonly [string, RegExp])[] = [
  ['generated', /^src\/db\/generated\//],
  ['ml', /^src\/ml\//],
  ['db', /^src\/db\//],
  ['core', /^src\/core\//],
  ['dialogs', /^dialogs\//],
  ['contract', /^src\/bot\/(contract\.ts|kit\/)/],
  ['bot', /^src\/bot\//],
  ['http', /^src\/http\//],
  ['jobs', /^src\/jobs\//],
  ['entry', /^src\/(main|cli\/index)\.ts$/],
  ['cli', /^src\/cli\//],
  ['web', /^src\/web\//],
  ['config', /^src\/config(-keys)?\.ts$/],
  ['app', /^src\/[\w-]+\.ts$/],
]

interface Allowed {
  readonly values: readonly string[]
  /** What may be imported as a type in addition. */
  readonly types: readonly string[]
}

const ANY_TYPES = ['contract', 'core', 'db', 'ml', 'http', 'bot'] as const

/** Who may import whom; itself always. This is the table of docs/architecture.md. */
const ALLOWED: Readonly<Record<string, Allowed>> = {
  ml: { values: [], types: [] },
  db: { values: ['generated'], types: [] },
  core: { values: ['ml', 'db'], types: ['generated'] },
  contract: { values: ['core'], types: ['db'] },
  dialogs: { values: ['core', 'contract'], types: [] },
  // Recognising what was said rests on the classifiers of ml.
  bot: { values: ['dialogs', 'contract', 'core', 'ml'], types: ['db'] },
  http: { values: ['core'], types: ['db'] },
  jobs: { values: ['core'], types: ['db'] },
  cli: { values: ['core'], types: ['db', 'contract', 'bot'] },
  web: { values: [], types: ANY_TYPES },
  config: { values: [], types: [] },
  app: { values: ['contract', 'bot', 'dialogs', 'http', 'jobs', 'cli', 'core', 'ml', 'db'], types: ['config'] },
  // The entries hand createApp what a test may replace: conversations, the recogniser, the clock.
  entry: { values: ['app', 'config', 'cli', 'dialogs', 'bot', 'core', 'db', 'jobs'], types: [] },
}

/** The part that a file of src/ or dialogs/ belongs to; undefined for one that has no place. */
export function layerOf(file: string): string | undefined {
  return LAYERS.find(([, pattern]) => pattern.test(file))?.[0]
}

/** The file, without its ending, that a relative import means; undefined for a package. */
export function targetOf(file: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined
  return path.posix.join(path.posix.dirname(file), specifier).replace(/\.(tsx?|js|json)$/, '')
}

/** Imports against the direction of the table. */
export function wrongDirections(file: SourceFile): string[] {
  const from = layerOf(file.path)
  if (from === undefined) return [`${file.path} belongs to no part of the program (test/tidy/layers.ts names them)`]
  const allowed = ALLOWED[from]
  return file.imports.flatMap(({ specifier, typeOnly, line }) => {
    const target = targetOf(file.path, specifier)
    // A data file beside the code belongs to it; CSS and the like are the bundler's business.
    const to = target === undefined ? from : layerOf(`${target}.ts`)
    const may = to === from || allowed?.values.includes(to ?? '') || (typeOnly && allowed?.types.includes(to ?? ''))
    return may ? [] : [`${file.path}:${line} ${from} may not import ${typeOnly ? 'types of ' : ''}${to ?? target}`]
  })
}

/** Files that import each other in a circle, each circle once, as "a → b → a". Types do not count: they leave no trace. */
export function importCycles(files: readonly SourceFile[]): string[] {
  const byTarget = new Map(files.map((file) => [file.path.replace(/\.tsx?$/, ''), file]))
  const state = new Map<SourceFile, 'open' | 'done'>()
  const trail: SourceFile[] = []
  const cycles: string[] = []
  const visit = (file: SourceFile) => {
    state.set(file, 'open')
    trail.push(file)
    for (const { specifier, typeOnly } of file.imports) {
      const target = targetOf(file.path, specifier)
      const next =
        typeOnly || target === undefined ? undefined : (byTarget.get(target) ?? byTarget.get(`${target}/index`))
      if (!next) continue
      if (state.get(next) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(next)), next].map((each) => each.path).join(' → '))
      } else if (!state.has(next)) visit(next)
    }
    trail.pop()
    state.set(file, 'done')
  }
  for (const file of files) if (!state.has(file)) visit(file)
  return cycles
}
