import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync } from '@swc/core'

/** An import, export-from, require or import() with a literal name. */
export interface ImportOf {
  readonly specifier: string
  /** Nothing of it is left when types are stripped. */
  readonly typeOnly: boolean
  readonly line: number
}

/** Something a rule may forbid: `new Date()`, `Date.now`, `process.env`, an identifier's name. */
export interface Mention {
  readonly what: string
  readonly line: number
}

/** A file of ours, read once for all rules. Paths are relative to the checkout's root, with forward slashes. */
export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly imports: readonly ImportOf[]
  readonly functions: readonly { line: number; lines: number }[]
  readonly mentions: readonly Mention[]
}

const SKIPPED = new Set(['node_modules', 'generated', '__pycache__'])
const CODE = /\.tsx?$/

/** Every file below `folder`, dot files and generated ones left out. */
export function listFiles(root: string, folder: string): string[] {
  const found: string[] = []
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) continue
    const place = `${folder}/${entry.name}`
    if (entry.isDirectory()) found.push(...listFiles(root, place))
    else found.push(place)
  }
  return found
}

export function readSource(root: string, file: string): SourceFile {
  return parseSource(file, readFileSync(path.join(root, file), 'utf8'))
}

/** Reads what the rules look at. A file that is not TypeScript has a path and a text only. */
export function parseSource(file: string, text: string): SourceFile {
  if (!CODE.test(file)) return { path: file, text, imports: [], functions: [], mentions: [] }
  const lead = ';'
  const tree = parseSync(lead + text, { syntax: 'typescript', tsx: file.endsWith('.tsx'), target: 'es2023' })
  // Spans count bytes from where the parser's own count stood; the statement put in front shows where that is.
  const base = tree.body[0]?.span.start ?? 0
  const lineOf = lineFinder(Buffer.from(lead + text))
  const lineAt = (position: number) => lineOf(position - base)
  const imports: ImportOf[] = []
  const functions: { line: number; lines: number }[] = []
  const mentions: Mention[] = []
  walk(tree as unknown as Node, (node) => {
    const line = node.span ? lineAt(node.span.start) : 0
    const specifier = specifierOf(node)
    if (specifier !== undefined) imports.push({ specifier, typeOnly: isTypeOnly(node), line })
    if (node.span && isFunction(node)) functions.push({ line, lines: lineAt(node.span.end) - line + 1 })
    for (const what of mentionsOf(node)) mentions.push({ what, line })
  })
  return { path: file, text, imports, functions, mentions }
}

/** As much of swc's syntax tree as is looked at. */
interface Node {
  readonly type?: string
  readonly span?: { start: number; end: number }
  readonly [key: string]: unknown
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === 'object' && child !== null) walk(child as Node, visit)
    }
  }
}

function specifierOf(node: Node): string | undefined {
  if (['ImportDeclaration', 'ExportAllDeclaration', 'ExportNamedDeclaration'].includes(node.type ?? '')) {
    return (node.source as Node | null)?.value as string | undefined
  }
  if (node.type !== 'CallExpression') return undefined
  const callee = node.callee as Node
  if (callee.type !== 'Import' && callee.value !== 'require') return undefined
  const [first] = node.arguments as { expression: Node }[]
  return first?.expression.type === 'StringLiteral' ? (first.expression.value as string) : undefined
}

function isTypeOnly(node: Node): boolean {
  const specifiers = (node.specifiers ?? []) as Node[]
  return node.typeOnly === true || (specifiers.length > 0 && specifiers.every((each) => each.isTypeOnly === true))
}

function isFunction(node: Node): boolean {
  return node.type === 'ArrowFunctionExpression' || (node.body as Node | null | undefined)?.type === 'FunctionBody'
}

function mentionsOf(node: Node): string[] {
  if (node.type === 'Identifier') return [node.value as string]
  if (node.type === 'NewExpression' && (node.callee as Node).value === 'Date') {
    return ((node.arguments as unknown[] | null) ?? []).length === 0 ? ['new Date()'] : []
  }
  if (node.type === 'CallExpression' && (node.callee as Node).value === 'Date') return ['new Date()']
  if (node.type !== 'MemberExpression') return []
  return [`${(node.object as Node).value}.${(node.property as Node).value}`]
}

/** Finds the line (from 1) of a place (from 0) in a text, by halving the list of where lines end. */
function lineFinder(bytes: Buffer): (place: number) => number {
  const ends: number[] = []
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, end + 1)) ends.push(end)
  return (place) => {
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (ends[middle]! < place) low = middle + 1
      else high = middle
    }
    return low + 1
  }
}
