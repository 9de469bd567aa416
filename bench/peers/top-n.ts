import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { EaseOptions } from '../../src/ml/ease'
import type { SparseRows } from '../../src/ml/spline-basis'
import type { BenchContext } from '../bench'
import { projectRoot } from '../scratch'
import { runPeer } from './peer'

interface Fit {
  fitSeconds: number
  /** Of all its threads. */
  fitCpuSeconds: number
}

export interface TopNPeerOptions {
  k: number
  seed: number
  threads: number
  /** How our EASE is fitted, and on what: numpy does the same. */
  ease: EaseOptions & { userItems: SparseRows }
}

/** implicit's recommenders and numpy's EASE on the same rows: lists of `k` a user, and how long the fit took. */
export async function topNPeers(
  userItems: SparseRows,
  { ease: { userItems: strengths, penalty, damping, normalisation }, ...options }: TopNPeerOptions,
  { say }: Pick<BenchContext, 'say'>,
): Promise<Record<string, Fit & { lists: Uint32Array }> | undefined> {
  return withFiles({ start: userItems.start, index: userItems.index, strength: strengths.value }, async (files) => {
    const methods = ['peerItemKnn', 'peerBm25', 'peerAls', 'peerEase']
    const job = { ...files, ...options, items: userItems.columns, methods, penalty, damping, normalisation }
    const found = await runPeer<Record<string, Fit & { lists: number[] }>>('top_n.py', job, {
      root: projectRoot(),
      say,
    })
    if (!found) return undefined
    return Object.fromEntries(
      Object.entries(found).map(([name, { lists, ...fit }]) => [name, { lists: Uint32Array.from(lists), ...fit }]),
    )
  })
}

/** implicit's cosine neighbours alone: seconds, and the sum of all similarities kept, by which results are compared. */
export function itemKnnPeer(
  userItems: SparseRows,
  options: { neighbours: number; threads: number },
  { say }: Pick<BenchContext, 'say'>,
): Promise<(Fit & { similaritySum: number }) | undefined> {
  return withFiles({ start: userItems.start, index: userItems.index }, (files) =>
    runPeer('item_knn.py', { ...files, ...options, items: userItems.columns }, { root: projectRoot(), say }),
  )
}

/** Large arrays go through files: as JSON they took longer than the fit. */
async function withFiles<Result>(
  arrays: Record<string, Uint32Array | Float64Array>,
  use: (files: Record<string, string>) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regulars-peer-'))
  try {
    const files: Record<string, string> = {}
    for (const [name, array] of Object.entries(arrays)) {
      files[name] = path.join(folder, name)
      writeFileSync(files[name], new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    }
    return await use(files)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
