// Makes the file that is uploaded to Teams: `node scripts/teams-package.mjs APP_ID https://bot.example [FILE.zip] [--desk]`.
// Node's own modules only.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32, deflateRawSync } from 'node:zlib'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const folder = path.join(root, 'appPackage')
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const given = process.argv.slice(2)
// The app for the shop's own people: with the console as a tab. Members get the other one.
const isDesk = given.includes('--desk')
const plain = given.filter((argument) => argument !== '--desk')
const [appId = '', publicUrl = '', file = path.join(root, 'dist', 'regulars-teams.zip')] = plain
if (!GUID.test(appId) || !URL.canParse(publicUrl) || new URL(publicUrl).protocol !== 'https:') {
  process.stderr.write('usage: node scripts/teams-package.mjs APP_ID https://YOUR-HOST [FILE.zip] [--desk]\n')
  process.stderr.write(
    '--desk: with the console as a tab, for the people who answer; set REGULARS_CONSOLE_IN_TEAMS=true\n',
  )
  process.stderr.write('APP_ID is MICROSOFT_APP_ID, the GUID of the bot registration in Azure\n')
  process.exit(2)
}

const manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8'))
manifest.id = appId
manifest.validDomains = [new URL(publicUrl).host]
for (const bot of manifest.bots) bot.botId = appId
if (isDesk) {
  const contentUrl = `${publicUrl.replace(/\/+$/, '')}/console`
  manifest.staticTabs = [
    { entityId: 'desk', name: 'Support desk', contentUrl, websiteUrl: contentUrl, scopes: ['personal'] },
  ]
}
const others = ['color.png', 'outline.png', 'zh-cn.json'].map((name) => [name, readFileSync(path.join(folder, name))])
mkdirSync(path.dirname(path.resolve(file)), { recursive: true })
writeFileSync(file, zip([['manifest.json', Buffer.from(JSON.stringify(manifest, null, 2))], ...others]))
process.stderr.write(`${file}: upload it in Teams under Apps, Manage your apps, Upload an app\n`)

/** The ZIP format (APPNOTE 4.3): each file with its header, then the directory of all, then where that begins. */
function zip(entries) {
  const files = []
  const directory = []
  let offset = 0
  for (const [name, content] of entries) {
    const packed = deflateRawSync(content)
    // Version 2.0, no flags, deflated, 1980-01-01: the same input gives the same file.
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt16LE(33, 8)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, place, Buffer.from(name)]))
    files.push(local)
    offset += local.length
  }
  const size = directory.reduce((sum, entry) => sum + entry.length, 0)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(size, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...files, ...directory, Buffer.from('PK\x05\x06'), end])
}
