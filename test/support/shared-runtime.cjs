// Loads the modules of a test file with Node's own require, so that what test files have in common, our sources and the
// packages, is loaded once a worker and not once a file (decision 15). What is a file's own is loaded for each: the file,
// all else under test/, and the part of jest that collects its tests and runs them.
const path = require('node:path')
const { default: Runtime } = require('jest-runtime')

const OWN = [path.join(__dirname, '..') + path.sep, path.dirname(require.resolve('jest-circus')) + path.sep]
/** Jest and this file hold these; they know nothing of a test file. */
const KEPT = [__filename, path.join(__dirname, 'shared-environment.cjs')]

/** Of all files so far: an error in a shared module must point at its source whichever file loaded it. */
const sourceMaps = new Map()
let running

module.exports = class SharedRuntime extends Runtime {
  constructor(config, environment, ...rest) {
    super(config, environment, ...rest)
    running = this
    for (const file of Object.keys(require.cache)) {
      if (OWN.some((folder) => file.startsWith(folder)) && !KEPT.includes(file)) delete require.cache[file]
    }
    // Node keeps what a module has required for as long as that module.
    module.children.length = 0
    // Modules cannot be replaced where they are shared: who needs that passes a stand-in.
    const { fn, spyOn, mocked, setTimeout } = this.jestGlobals.jestObjectFor(this._testPath)
    environment.global.jest = { fn, spyOn, mocked, setTimeout }
  }

  requireModule(from, name) {
    return require(name ? require.resolve(name, { paths: [path.dirname(from)] }) : from)
  }

  compile(file) {
    const code = this.transformCache.transform(file)
    const map = super.getSourceMaps().get(file)
    if (map) sourceMaps.set(file, map)
    return code
  }

  getSourceMaps() {
    return sourceMaps
  }

  /** Jest would replace it in the sandbox's `process`; ours is the real one. */
  installGetBuiltinModule() {
    return undefined
  }
}

require.extensions['.ts'] = (module, file) => module._compile(running.compile(file), file)
