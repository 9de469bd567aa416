import { readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.join(__dirname, '../..')

interface LockedPackage {
  resolved?: string
  optionalDependencies?: Record<string, string>
}

describe('package-lock.json', () => {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>
  }
  const names = new Set(Object.keys(packages).map((place) => place.slice(place.lastIndexOf('node_modules/') + 13)))

  // Where a registry lacks another platform's binary, `npm install` drops it in silence, and `npm ci` then refuses the
  // lock on every machine. Take another version of the package that brings it.
  test('names the binaries of every platform, without which npm ci refuses it', () => {
    const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !names.has(name))
        .map((name) => `${place} wants ${name}`),
    )
    expect(missing).toEqual([])
  })

  test('holds no addresses: packages come from the registry of whoever installs', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([])
  })
})
