import type { SourceFile } from './source-file'

const FILE_LINES_MAX = 400
const FUNCTION_LINES_MAX = 70

/** A rule of the house: what it finds wrong in a file, one line each. */
export type Rule = (file: SourceFile) => string[]

export const shortFiles: Rule = (file) => {
  const lines = file.text.split('\n').length - 1
  return lines > FILE_LINES_MAX ? [`${file.path} has ${lines} lines; ${FILE_LINES_MAX} are allowed`] : []
}

export const shortFunctions: Rule = (file) =>
  file.functions
    .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
    .map(
      ({ line, lines }) => `${file.path}:${line} has a function of ${lines} lines; ${FUNCTION_LINES_MAX} are allowed`,
    )

export const kebabCase: Rule = ({ path }) => {
  const name = path.split('/').at(-1) ?? ''
  // Python imports files by their names, and a name with a hyphen is none.
  if (name.endsWith('.py')) return []
  return /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/.test(name) ? [] : [`${path} is not named in kebab-case`]
}

/** Time and chance come in as arguments, so that tests and replays choose them. */
export const injectedClock: Rule = (file) =>
  mentioned(
    file,
    ['new Date()', 'Date.now', 'Math.random'],
    'belongs to src/core/clock.ts alone; take a clock or a seed',
  )

/** Settings are read, checked and explained in one place. */
export const oneReaderOfSettings: Rule = (file) =>
  mentioned(file, ['process.env'], 'belongs to src/config.ts alone; take the value as an argument')

/** SQL is tagged, so that a value can never become text of the query. */
export const taggedSql: Rule = (file) =>
  mentioned(file, ['$queryRawUnsafe', '$executeRawUnsafe'], 'takes SQL as text; use tagged SQL')

export const noLeftovers: Rule = (file) =>
  file.text
    .split('\n')
    .map((text, index) => ({ found: /\b(TODO|FIXME|XXX|HACK)\b/.exec(text)?.[1], line: index + 1 }))
    .filter(({ found }) => found !== undefined)
    .map(({ found, line }) => `${file.path}:${line} has a ${found}; do it, or file it as an issue`)

function mentioned(file: SourceFile, forbidden: readonly string[], why: string): string[] {
  return file.mentions
    .filter(({ what }) => forbidden.includes(what))
    .map(({ what, line }) => `${file.path}:${line} ${what} ${why}`)
}
