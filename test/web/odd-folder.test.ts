import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { projectRoot } from '../../src/config'
import { useScratchFolder } from '../support/scratch-folder'

const scratch = useScratchFolder()

// Builds what the settings put other files in the place of; the settings themselves are read from the odd folder.
const script = `
import { build, loadConfigFromFile } from 'vite'
const { config } = await loadConfigFromFile({ command: 'build', mode: 'production' }, 'src/web/vite.config.mts')
const rolldownOptions = { input: 'entry.js' }
await build({ configFile: false, resolve: config.resolve, logLevel: 'error', build: { write: false, rolldownOptions } })`

test('the pages can be built in a folder with any name that a file system takes', () => {
  const folder = path.join(scratch, "My $shop %20 'ü' (1)")
  mkdirSync(path.join(folder, 'src/web/shared'), { recursive: true })
  symlinkSync(path.join(projectRoot(), 'node_modules'), path.join(folder, 'node_modules'))
  for (const file of ['vite.config.mts', 'shared/no-streaming.ts', 'shared/empty.ts']) {
    copyFileSync(path.join(projectRoot(), 'src/web', file), path.join(folder, 'src/web', file))
  }
  const imports = ['./directLineStreaming', 'core-js/features/promise', 'url-search-params-polyfill']
  writeFileSync(path.join(folder, 'entry.js'), imports.map((file) => `import '${file}'\n`).join(''))
  writeFileSync(path.join(folder, 'build.mjs'), script)
  const { status, stderr } = spawnSync(process.execPath, ['build.mjs'], { cwd: folder, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
}, 60_000)
