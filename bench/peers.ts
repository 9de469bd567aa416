import { spawnSync } from 'node:child_process'
import type { Bench } from './bench'
import { installPeers } from './peers/setup'
import { projectRoot } from './scratch'

const LIST = `
import importlib.metadata, json, sys
print(json.dumps({name: importlib.metadata.version(name) for name in sys.argv[1:]}))`

/** Installs the Python peers into a folder of their own; the other benchmarks find them there by themselves. */
export const peers: Bench = {
  name: 'peers',
  summary: 'installs scikit-learn, implicit and lifetimes into bench/peers/.venv; all benchmarks then run beside them',
  options: [],
  async run(_options, { say }) {
    const begun = performance.now()
    const { python, isNew } = await installPeers(projectRoot(), say)
    const names = ['scikit-learn', 'numpy', 'scipy', 'pandas', 'implicit', 'Lifetimes']
    const listed = spawnSync(python, ['-c', LIST, ...names], { encoding: 'utf8' })
    if (listed.status !== 0) throw new Error(`the peers are installed but do not start: ${listed.stderr}`)
    const versions = JSON.parse(listed.stdout) as Record<string, string>
    say(
      `${isNew ? 'installed' : 'already there'}: ${Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', ')}`,
    )
    return { installed: isNew, seconds: (performance.now() - begun) / 1000, versions }
  },
}
