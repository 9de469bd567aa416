import { fitItemKnn } from '../src/ml/item-knn'
import { createRandom, type Random, weightedIndex, zipfWeights } from '../src/ml/random'
import type { SparseRows } from '../src/ml/spline-basis'
import type { BenchContext } from './bench'
import { itemKnnPeer } from './peers/top-n'
import { timed } from './timed'

const NEIGHBOURS = 100
const ITEMS_A_USER = 50

/** Item-based neighbours by cosine on many drawn interactions, beside implicit on the same: seconds, and that both agree. */
export async function itemKnnAtScale(
  { drawn, items, threads, seed }: { drawn: number; items: number; threads: number; seed: number },
  context: BenchContext,
): Promise<object> {
  const userItems = drawInteractions(createRandom(seed), { interactions: drawn, items })
  context.say(`${userItems.index.length} drawn interactions, ${userItems.rows} users, ${items} items`)
  const { result, seconds, cpuSeconds } = timed(() =>
    fitItemKnn(userItems, { options: { neighbours: NEIGHBOURS, shrinkage: 0, asymmetry: 0.5 } }),
  )
  const similaritySum = result.weights.value.reduce((sum, value) => sum + value, 0)
  const memoryMegabytes = Math.round(process.resourceUsage().maxRSS / 1024)
  context.say(
    `  ours      ${seconds.toFixed(2)} s (${cpuSeconds.toFixed(2)} s of CPU), one thread, at most ${memoryMegabytes} MB with the data and Node`,
  )
  const size = { interactions: userItems.index.length, users: userItems.rows, items }
  const figures = { ...size, seconds, cpuSeconds, memoryMegabytes }
  const peer = await itemKnnPeer(userItems, { neighbours: NEIGHBOURS, threads }, context)
  if (!peer) return figures
  const difference = Math.abs(similaritySum / peer.similaritySum - 1)
  context.say(
    `  implicit  ${peer.fitSeconds.toFixed(2)} s (${peer.fitCpuSeconds.toFixed(2)} s of CPU), ${threads} threads: ratio ${(seconds / peer.fitSeconds).toFixed(2)}; ` +
      `sums of similarity differ by ${difference.toExponential(1)}`,
  )
  return {
    ...figures,
    peerSeconds: peer.fitSeconds,
    peerCpuSeconds: peer.fitCpuSeconds,
    ratio: seconds / peer.fitSeconds,
    difference,
  }
}

/** Users with about 50 different items each, popular ones more often than others. */
function drawInteractions(
  random: Random,
  { interactions, items }: { interactions: number; items: number },
): SparseRows {
  const perUser = Math.min(ITEMS_A_USER, Math.max(1, Math.floor(items / 2)))
  const rows = Math.ceil(interactions / perUser)
  const drawItem = weightedIndex(zipfWeights(items, { exponent: 0.9, shift: 20 }))
  const start = new Uint32Array(rows + 1)
  const index = new Uint32Array(interactions)
  const lastUser = new Int32Array(items).fill(-1)
  let at = 0
  for (let user = 0; user < rows; user++) {
    const end = Math.min(interactions, at + perUser)
    while (at < end) {
      const item = drawItem(random)
      if (lastUser[item] === user) continue
      lastUser[item] = user
      index[at++] = item
    }
    index.subarray(start[user], end).sort()
    start[user + 1] = end
  }
  return { rows, columns: items, start, index, value: new Float64Array(interactions).fill(1) }
}
