import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { InvalidArgumentError } from 'commander'
import { fitKMeans, type PointSet, startingCentres } from '../src/ml/kmeans'
import { createRandom, normal } from '../src/ml/random'
import type { Bench, BenchContext } from './bench'
import { csvRecords } from './csv-records'
import { positiveWhole } from './options'
import { runPeer } from './peers/peer'
import { projectRoot } from './scratch'
import { timed } from './timed'

interface Options {
  points: number
  dims: number
  clusters: number
  data?: string
  seed: number
}

interface KMeansFigures {
  seconds: number
  cpuSeconds: number
  inertia: number
  iterations: number
}

/** k-means on blobs or a file, with scikit-learn from the same starting centres beside it. */
export const kmeans: Bench = {
  name: 'kmeans',
  summary: 'k-means on blobs or on a file of numbers, with scikit-learn from the same start',
  options: [
    { flags: '--points <n>', describe: 'points to draw', fallback: 1_000_000, parse: positiveWhole },
    { flags: '--dims <n>', describe: 'coordinates of each', fallback: 4, parse: positiveWhole },
    { flags: '--clusters <n>', describe: 'clusters', fallback: 8, parse: positiveWhole },
    { flags: '--data <file>', describe: 'CSV with a header and only numbers, instead of drawing points' },
    { flags: '--seed <n>', describe: 'seed of the points and the start', fallback: 1, parse: positiveWhole },
  ],
  async run(raw, context) {
    const options = raw as unknown as Options
    const set = options.data ? await readPoints(options.data) : drawPoints(options)
    if (set.points < options.clusters) {
      throw new InvalidArgumentError(`--clusters ${options.clusters} given, but there are only ${set.points} points`)
    }
    const start = startingCentres(set, options.clusters, createRandom(options.seed).fork('start'))
    const { result: fitted, seconds, cpuSeconds } = timed(() => fitKMeans(set, start))
    const { inertia, iterations } = fitted
    const show = (who: string, figures: KMeansFigures) =>
      context.say(
        `  ${who.padEnd(13)} ${figures.seconds.toFixed(3)} s (${figures.cpuSeconds.toFixed(3)} s of CPU)  inertia ${figures.inertia.toPrecision(9)}  ${figures.iterations} iterations`,
      )
    context.say(`${set.points} points × ${set.dims}, ${options.clusters} clusters`)
    const ours = { seconds, cpuSeconds, inertia, iterations }
    show('ours', ours)
    const peer = await peerFigures(set, start, context)
    if (!peer) return ours
    show('scikit-learn', peer)
    return {
      ...ours,
      peerSeconds: peer.seconds,
      peerCpuSeconds: peer.cpuSeconds,
      peerInertia: peer.inertia,
      peerIterations: peer.iterations,
    }
  },
}

function drawPoints({ points, dims, clusters, seed }: Options): PointSet {
  const random = createRandom(seed)
  const centres = Array.from({ length: clusters * dims }, () => 2.2 * normal(random))
  const values = new Float64Array(points * dims)
  for (let i = 0; i < points; i++) {
    for (let d = 0; d < dims; d++) values[i * dims + d] = centres[(i % clusters) * dims + d]! + normal(random)
  }
  return { points, dims, values }
}

async function readPoints(file: string): Promise<PointSet> {
  const values: number[] = []
  let dims = 0
  let line = 1
  for await (const record of csvRecords<string[]>(file, { fromLine: 2 })) {
    line += 1
    const row = record.map((text) => (text === '' ? Number.NaN : Number(text)))
    if (row.some((value) => !Number.isFinite(value))) {
      throw new InvalidArgumentError(`line ${line} of ${file} holds something that is no number: ${record.join(',')}`)
    }
    dims = row.length
    for (const value of row) values.push(value)
  }
  if (dims === 0) throw new InvalidArgumentError(`${file} has no rows`)
  return { points: values.length / dims, dims, values: Float64Array.from(values) }
}

async function peerFigures(set: PointSet, start: Float64Array, { say }: BenchContext) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regulars-kmeans-'))
  try {
    const points = path.join(folder, 'points.bin')
    writeFileSync(points, Buffer.from(set.values.buffer, set.values.byteOffset, set.values.byteLength))
    const job = { points, dims: set.dims, start: Array.from(start) }
    return await runPeer<KMeansFigures>('kmeans.py', job, {
      root: projectRoot(),
      say,
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
