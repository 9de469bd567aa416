import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** A folder for one test file, removed after its tests. Other users may pass through: PostgreSQL may run as one. */
export function useScratchFolder(): string {
  const folder = mkdtempSync(path.join(process.env.REGULARS_TEST_FOLDER ?? os.tmpdir(), 'scratch-'))
  chmodSync(folder, 0o711)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
