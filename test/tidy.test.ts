import path from 'node:path'
import { importCycles, wrongDirections } from './tidy/layers'
import {
  injectedClock,
  kebabCase,
  noLeftovers,
  oneReaderOfSettings,
  type Rule,
  shortFiles,
  shortFunctions,
  taggedSql,
} from './tidy/rules'
import { listFiles, parseSource, readSource } from './tidy/source-file'

const root = path.join(__dirname, '..')
const read = (...folders: string[]) =>
  folders.flatMap((folder) => listFiles(root, folder)).map((file) => readSource(root, file))
const isCode = ({ path: file }: { path: string }) => /\.tsx?$/.test(file)
const inBrowser = ({ path: file }: { path: string }) => file.startsWith('src/web/')

const program = read('src', 'dialogs')
const bench = read('bench')
const tests = read('test', 'scripts')
const server = program.filter((file) => isCode(file) && !inBrowser(file))

describe('the house rules', () => {
  const rules: { rule: Rule; name: string; files: typeof program }[] = [
    { name: 'imports go in the directions of the architecture', rule: wrongDirections, files: program.filter(isCode) },
    { name: 'no file is long', rule: shortFiles, files: [...program, ...bench, ...tests].filter(isHandwritten) },
    { name: 'no function is long', rule: shortFunctions, files: [...program, ...bench].filter(isCode) },
    { name: 'files are named in kebab-case', rule: kebabCase, files: [...program, ...bench, ...tests] },
    {
      name: 'time and chance are injected',
      rule: injectedClock,
      files: server.filter(({ path: file }) => file !== 'src/core/clock.ts'),
    },
    {
      name: 'settings are read in one place',
      rule: oneReaderOfSettings,
      files: server.filter(({ path: file }) => file !== 'src/config.ts'),
    },
    { name: 'SQL is tagged', rule: taggedSql, files: [...program, ...bench].filter(isCode) },
    {
      name: 'nothing is left for later',
      rule: noLeftovers,
      files: [...program, ...bench, ...tests].filter(({ path: file }) => !file.startsWith('test/tidy')),
    },
  ]

  test.each(rules)('$name', ({ rule, files }) => {
    expect(files.length).toBeGreaterThan(0)
    expect(files.flatMap(rule)).toEqual([])
  })

  test('no files import each other in a circle', () => {
    expect(importCycles(program.filter(isCode))).toEqual([])
  })
})

/** Word lists and sample questions are data, long as they need to be. */
function isHandwritten({ path: file }: { path: string }): boolean {
  return /\.(tsx?|mjs|cjs)$/.test(file) && !/\/utterances\.\w+\.ts$/.test(file)
}

describe('each rule sees what it forbids, and lets pass what it allows', () => {
  const findings = (rule: Rule, file: string, text: string) => rule(parseSource(file, text))

  const cases: { rule: Rule; file: string; text: string; found: number }[] = [
    { rule: shortFiles, file: 'src/core/a.ts', text: 'x()\n'.repeat(401), found: 1 },
    { rule: shortFiles, file: 'src/core/a.ts', text: 'x()\n'.repeat(400), found: 0 },
    { rule: shortFunctions, file: 'src/core/a.ts', text: `// é\nfunction f() {\n${'x()\n'.repeat(69)}}`, found: 1 },
    { rule: shortFunctions, file: 'src/core/a.ts', text: `// é\nfunction f() {\n${'x()\n'.repeat(68)}}`, found: 0 },
    { rule: shortFunctions, file: 'src/core/a.ts', text: `class A { m() {\n${'x()\n'.repeat(69)}} }`, found: 1 },
    { rule: shortFunctions, file: 'src/core/a.ts', text: `const f = () => {\n${'x()\n'.repeat(69)}}`, found: 1 },
    {
      rule: shortFunctions,
      file: 'src/web/a.tsx',
      text: `const F = () => <p>{a(\n${'x,\n'.repeat(69)})}</p>`,
      found: 1,
    },
    { rule: kebabCase, file: 'src/core/readBalance.ts', text: '', found: 1 },
    { rule: kebabCase, file: 'src/core/read_balance.ts', text: '', found: 1 },
    { rule: kebabCase, file: 'dialogs/help/replies.en.ts', text: '', found: 0 },
    { rule: injectedClock, file: 'src/core/a.ts', text: 'const at = new Date()', found: 1 },
    { rule: injectedClock, file: 'src/core/a.ts', text: 'const at = new Date', found: 1 },
    { rule: injectedClock, file: 'src/core/a.ts', text: 'const at = Date()', found: 1 },
    { rule: injectedClock, file: 'src/core/a.ts', text: 'const at = Date.now() + Math.random()', found: 2 },
    { rule: injectedClock, file: 'src/core/a.ts', text: 'const at = new Date(0), b = Date.UTC(1)', found: 0 },
    { rule: injectedClock, file: 'src/core/a.ts', text: '// new Date()\nconst a = "Date.now()"', found: 0 },
    { rule: oneReaderOfSettings, file: 'src/core/a.ts', text: 'const a = process.env.HOME', found: 1 },
    { rule: oneReaderOfSettings, file: 'src/core/a.ts', text: 'const { HOME } = process.env', found: 1 },
    { rule: oneReaderOfSettings, file: 'src/core/a.ts', text: 'process.exit()', found: 0 },
    { rule: taggedSql, file: 'src/core/a.ts', text: 'db.$queryRawUnsafe(text)', found: 1 },
    { rule: taggedSql, file: 'src/core/a.ts', text: 'db.$queryRaw`select 1`', found: 0 },
    { rule: noLeftovers, file: 'src/core/a.ts', text: '// TODO: more', found: 1 },
    { rule: noLeftovers, file: 'prisma/a.sql', text: '-- FIXME', found: 1 },
    { rule: noLeftovers, file: 'src/core/a.ts', text: 'const todos = 1', found: 0 },
    { rule: wrongDirections, file: 'src/ml/a.ts', text: "import { b } from '../core/b'", found: 1 },
    { rule: wrongDirections, file: 'src/ml/a.ts', text: "import { b } from './b'", found: 0 },
    { rule: wrongDirections, file: 'src/core/a.ts', text: "import { b } from '../ml/b'", found: 0 },
    { rule: wrongDirections, file: 'src/core/a.ts', text: "import { b } from '../bot/b'", found: 1 },
    { rule: wrongDirections, file: 'src/core/a.ts', text: "import type { B } from '../bot/b'", found: 1 },
    { rule: wrongDirections, file: 'src/core/a/b.ts', text: "export * from '../../http/b'", found: 1 },
    { rule: wrongDirections, file: 'src/core/a.ts', text: "const b = require('../http/b')", found: 1 },
    { rule: wrongDirections, file: 'src/core/a.ts', text: "const b = await import('../http/b')", found: 1 },
    { rule: wrongDirections, file: 'src/core/a.ts', text: "import { loadConfig } from '../config'", found: 1 },
    {
      rule: wrongDirections,
      file: 'dialogs/help/dialog.ts',
      text: "import { b } from '../../src/bot/contract'",
      found: 0,
    },
    {
      rule: wrongDirections,
      file: 'dialogs/help/dialog.ts',
      text: "import { b } from '../../src/bot/turn/b'",
      found: 1,
    },
    { rule: wrongDirections, file: 'dialogs/help/dialog.ts', text: "import { b } from '../../src/db/open'", found: 1 },
    { rule: wrongDirections, file: 'src/bot/turn/a.ts', text: "import type { Db } from '../../db/sql'", found: 0 },
    { rule: wrongDirections, file: 'src/bot/turn/a.ts', text: "import { sqlOver } from '../../db/sql'", found: 1 },
    {
      rule: wrongDirections,
      file: 'src/bot/turn/a.ts',
      text: "import { type D, sqlOver } from '../../db/sql'",
      found: 1,
    },
    { rule: wrongDirections, file: 'src/http/a.ts', text: "import { b } from '../bot/b'", found: 1 },
    { rule: wrongDirections, file: 'src/web/a.ts', text: "import type { B } from '../http/api/b'", found: 0 },
    { rule: wrongDirections, file: 'src/web/a.ts', text: "import { b } from '../http/api/b'", found: 1 },
    { rule: wrongDirections, file: 'src/main.ts', text: "import { b } from './app'", found: 0 },
    { rule: wrongDirections, file: 'src/elsewhere/a.ts', text: '', found: 1 },
  ]

  test.each(
    cases.map((each) => ({ ...each, name: each.rule.name, start: each.text.slice(0, 60).replaceAll('\n', '↵') })),
  )('$name: $file with $start has $found', ({ rule, file, text, found }) => {
    expect(findings(rule, file, text)).toHaveLength(found)
  })

  test('a finding says where', () => {
    expect(findings(oneReaderOfSettings, 'src/core/a.ts', '// é\n\nprocess.env')).toEqual([
      expect.stringMatching(/^src\/core\/a\.ts:3 process\.env /),
    ])
  })

  test('import cycles are found, through any number of files, but not those of types', () => {
    const a = parseSource('src/core/a.ts', "import { b } from './b'")
    const b = parseSource('src/core/b.ts', "import { c } from './c'")
    const c = parseSource('src/core/c.ts', "import { a } from './a'")
    const harmless = parseSource('src/core/c.ts', "import type { a } from './a'")
    expect(importCycles([a, b, c])).toEqual(['src/core/a.ts → src/core/b.ts → src/core/c.ts → src/core/a.ts'])
    expect(importCycles([a, b, harmless])).toEqual([])
  })
})
