import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const SKIPPED = new Set(['node_modules', '__pycache__'])

/** Every file below `folder`, sorted; dot files and what `skip` names (relative to `root`) left out. */
export function filesBelow(root, folder, skip = []) {
  const found = []
  const walk = (relative) => {
    const absolute = path.join(root, relative)
    if (!existsSync(absolute)) return
    for (const entry of readdirSync(absolute, { withFileTypes: true })) {
      const name = path.join(relative, entry.name)
      if (entry.name.startsWith('.') || SKIPPED.has(entry.name) || skip.includes(name)) continue
      if (entry.isDirectory()) walk(name)
      else found.push(name)
    }
  }
  walk(folder)
  return found.sort()
}

/** A hash over names and contents, so that a checkout with new file times needs no new build, and an edit always does. */
export function fingerprintOf(root, files) {
  const hash = createHash('sha256')
  for (const file of files) {
    const absolute = path.join(root, file)
    hash.update(`${file}\0`)
    if (existsSync(absolute) && statSync(absolute).isFile()) hash.update(readFileSync(absolute))
    hash.update('\0')
  }
  return hash.digest('hex')
}

/** What a step wrote down when it last succeeded, or undefined. */
export function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

export function writeStamp(file, value) {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, value)
}

/** Forgets a success before the work begins again, so that a kill in the middle is seen next time. */
export function removeStamp(file) {
  rmSync(file, { force: true })
}
