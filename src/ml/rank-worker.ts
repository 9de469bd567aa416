import { parentPort } from 'node:worker_threads'
import { doRankTask, type RankTask } from './rank-task'

parentPort?.on('message', (task: RankTask) => {
  parentPort?.postMessage(doRankTask(task))
})
