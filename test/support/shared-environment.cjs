// The world of a test file whose modules are shared with the files before it (see shared-runtime.cjs): the globals of the
// process. Whatever a file changes of them is put back after it, so that no file can tell what ran before it.
const { ModuleMocker } = require('jest-mock')

module.exports = class SharedEnvironment {
  global = globalThis
  moduleMocker = new ModuleMocker(globalThis)
  #globals = Object.getOwnPropertyDescriptors(globalThis)
  #variables = { ...process.env }
  #folder = process.cwd()
  #exit = process.exit
  #listeners = listenersOf(process)

  /** Jest wants the method of every environment. Nothing here runs in a context of its own. */
  getVmContext() {
    return null
  }

  async setup() {
    // As in jest's own environment: the line of a test that failed may be deep down.
    Error.stackTraceLimit = 100
  }

  async teardown() {
    restoreGlobals(this.#globals)
    restoreVariables(this.#variables)
    process.chdir(this.#folder)
    process.exit = this.#exit
    const before = this.#listeners
    for (const [event, listener] of listenersOf(process)) {
      if (!before.some(([name, known]) => name === event && known === listener)) process.off(event, listener)
    }
  }
}

function restoreGlobals(before) {
  // Those that cannot be deleted or changed are jest's own.
  for (const key of Reflect.ownKeys(globalThis)) {
    if (!Object.hasOwn(before, key)) Reflect.deleteProperty(globalThis, key)
  }
  for (const key of Reflect.ownKeys(before)) {
    const now = Object.getOwnPropertyDescriptor(globalThis, key)
    if (now?.value !== before[key].value || now?.get !== before[key].get) {
      Reflect.defineProperty(globalThis, key, before[key])
    }
  }
}

function restoreVariables(before) {
  for (const name of Object.keys(process.env)) if (!Object.hasOwn(before, name)) delete process.env[name]
  for (const [name, value] of Object.entries(before)) if (process.env[name] !== value) process.env[name] = value
}

function listenersOf(emitter) {
  return emitter.eventNames().flatMap((event) => emitter.listeners(event).map((listener) => [event, listener]))
}
