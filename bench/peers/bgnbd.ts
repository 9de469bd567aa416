import type { PurchaseHistories } from '../../src/ml/bgnbd'
import type { BenchContext } from '../bench'
import { projectRoot } from '../scratch'
import { runPeer } from './peer'

interface BgNbdFigures {
  r: number
  alpha: number
  a: number
  b: number
  logLikelihood: number
  seconds: number
}

/** The BG/NBD of lifetimes on the same customers; keys as they stand beside ours in the JSON, none where there is no peer. */
export async function bgNbdPeer(
  { frequency, recency, age }: PurchaseHistories,
  { say }: Pick<BenchContext, 'say'>,
): Promise<object> {
  const job = { frequency: Array.from(frequency), recency: Array.from(recency), age: Array.from(age) }
  const peer = await runPeer<BgNbdFigures>('bgnbd.py', job, { root: projectRoot(), say })
  if (!peer) return {}
  const { r, alpha, a, b, logLikelihood, seconds } = peer
  say(
    `  lifetimes:        r ${r.toFixed(4)}  alpha ${alpha.toFixed(4)}  a ${a.toFixed(4)}  b ${b.toFixed(4)}  ` +
      `log-likelihood ${logLikelihood.toFixed(3)}  ${(1000 * seconds).toFixed(0)} ms`,
  )
  return { peerBgnbd: { r, alpha, a, b, logLikelihood }, peerSeconds: seconds }
}
