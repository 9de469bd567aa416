import type { TrainingText } from '../../src/ml/text-classifier'
import type { BenchContext } from '../bench'
import { projectRoot } from '../scratch'
import { runPeer } from './peer'

/**
 * scikit-learn's linear SVM over tf-idf of words 1–2 and characters 2–5 on the same texts; keys as they stand beside ours
 * in the JSON, none where there is no peer. It has no way to refuse: only texts with a category are asked.
 */
export async function linearSvcPeer(
  train: readonly TrainingText[],
  test: readonly TrainingText[],
  { isChinese, say }: { isChinese: boolean } & Pick<BenchContext, 'say'>,
): Promise<Record<string, number>> {
  const job = {
    isChinese,
    texts: train.map(({ text }) => text),
    labels: train.map(({ label }) => label),
    testTexts: test.map(({ text }) => text),
  }
  const peer = await runPeer<{ labels: string[]; trainSeconds: number; microsPerQuestion: number }>(
    'linear_svc.py',
    job,
    { root: projectRoot(), say },
  )
  if (!peer) return {}
  const right = test.filter(({ label }, row) => label === peer.labels[row]).length
  return {
    peerAccuracy: right / Math.max(1, test.length),
    peerTrainSeconds: peer.trainSeconds,
    peerMicrosPerQuestion: peer.microsPerQuestion,
  }
}
