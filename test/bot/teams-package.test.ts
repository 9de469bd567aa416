import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { inflateRawSync } from 'node:zlib'

const root = path.join(__dirname, '../..')
const APP_ID = '11111111-2222-4333-8444-555555555555'

interface Manifest {
  id: string
  name: { short: string; full: string }
  description: { short: string; full: string }
  validDomains: string[]
  staticTabs?: { contentUrl: string; scopes: string[] }[]
  icons: { color: string; outline: string }
  localizationInfo: { additionalLanguages: { file: string }[] }
  bots: { botId: string; commandLists: { commands: { title: string; description: string }[] }[] }[]
}

function makePackage(...args: string[]) {
  return spawnSync(process.execPath, [path.join(root, 'scripts/teams-package.mjs'), ...args], { encoding: 'utf8' })
}

/** The files of a ZIP, read by its directory at the end. */
function unzip(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  const end = archive.lastIndexOf('PK\x05\x06')
  let at = archive.readUInt32LE(end + 16)
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const [packedLength, nameLength, local] = [
      archive.readUInt32LE(at + 20),
      archive.readUInt16LE(at + 28),
      archive.readUInt32LE(at + 42),
    ]
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength)
    const content = local + 30 + nameLength
    files.set(name, inflateRawSync(archive.subarray(content, content + packedLength)))
    at += 46 + nameLength
  }
  return files
}

function packaged(...options: string[]): Map<string, Buffer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'teams-package-'))
  try {
    const file = path.join(folder, 'app.zip')
    expect(makePackage(APP_ID, 'https://bot.example', file, ...options).status).toBe(0)
    return unzip(readFileSync(file))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const pngSize = (png: Buffer | undefined) => png && [png.readUInt32BE(16), png.readUInt32BE(20)]

test('the package for Teams names the bot and its host, within the limits of Teams', () => {
  const files = packaged()
  const manifest = JSON.parse(String(files.get('manifest.json'))) as Manifest
  expect(manifest).toMatchObject({ id: APP_ID, validDomains: ['bot.example'], bots: [{ botId: APP_ID }] })
  expect(manifest.name.short.length).toBeLessThanOrEqual(30)
  expect(manifest.name.full.length).toBeLessThanOrEqual(100)
  expect(manifest.description.short.length).toBeLessThanOrEqual(80)
  expect(manifest.description.full.length).toBeLessThanOrEqual(4_000)
  for (const { commands } of manifest.bots.flatMap(({ commandLists }) => commandLists)) {
    expect(commands.length).toBeLessThanOrEqual(10)
    for (const { title, description } of commands) {
      expect(title.length).toBeLessThanOrEqual(32)
      expect(description.length).toBeLessThanOrEqual(128)
    }
  }
  expect(pngSize(files.get(manifest.icons.color))).toEqual([192, 192])
  expect(pngSize(files.get(manifest.icons.outline))).toEqual([32, 32])
})

test('the package for those who answer has the console as a tab; that for members has none', () => {
  const manifestOf = (...options: string[]) => JSON.parse(String(packaged(...options).get('manifest.json'))) as Manifest
  const contentUrl = 'https://bot.example/console'
  expect(manifestOf('--desk').staticTabs).toEqual([expect.objectContaining({ contentUrl, scopes: ['personal'] })])
  expect(manifestOf().staticTabs).toBeUndefined()
})

test('every text of the manifest that people see is there in Chinese too', () => {
  const files = packaged()
  const manifest = JSON.parse(String(files.get('manifest.json'))) as Manifest
  const [chinese] = manifest.localizationInfo.additionalLanguages
  const texts = JSON.parse(String(files.get(chinese?.file ?? ''))) as Record<string, string>
  const expected = ['name.short', 'name.full', 'description.short', 'description.full']
  for (const [list, { commands }] of (manifest.bots[0]?.commandLists ?? []).entries()) {
    for (const place of commands.keys()) {
      const command = `bots[0].commandLists[${list}].commands[${place}]`
      expected.push(`${command}.title`, `${command}.description`)
    }
  }
  expect(
    Object.keys(texts)
      .filter((key) => key !== '$schema')
      .sort(),
  ).toEqual(expected.sort())
})

test.each([[[]], [['no-guid', 'https://bot.example']], [[APP_ID]], [[APP_ID, 'http://bot.example']]])(
  'with the arguments %j it says how it is called',
  (args) => {
    const { status, stderr } = makePackage(...args)
    expect(status).toBe(2)
    expect(stderr).toContain('usage:')
  },
)
