// Lets a child process of a test run our TypeScript as it stands: node -r ./test/support/swc-register.cjs src/cli/index.ts
// What one process of a test run has compiled, the others read.
const { createHash } = require('node:crypto')
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs')
const path = require('node:path')

const runFolder = process.env.REGULARS_TEST_FOLDER
const compiledFolder = runFolder && path.join(runFolder, 'compiled')
if (compiledFolder) mkdirSync(compiledFolder, { recursive: true })

require.extensions['.ts'] = (module, filename) => {
  const source = readFileSync(filename, 'utf8')
  module._compile(compiledFolder ? compiledOnce(source, filename) : compile(source, filename), filename)
}

function compiledOnce(source, filename) {
  const key = createHash('sha1').update(filename).update('\0').update(source).digest('hex')
  const kept = path.join(compiledFolder, `${key}.js`)
  if (existsSync(kept)) return readFileSync(kept, 'utf8')
  const code = compile(source, filename)
  // Several processes may do the same at once: each file appears whole.
  writeFileSync(`${kept}.${process.pid}`, code)
  renameSync(`${kept}.${process.pid}`, kept)
  return code
}

function compile(source, filename) {
  const { transformSync } = require('@swc/core')
  return transformSync(source, {
    filename,
    swcrc: false,
    sourceMaps: 'inline',
    jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
    module: { type: 'commonjs' },
  }).code
}
