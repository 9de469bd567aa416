import { parentPort } from 'node:worker_threads'
import { type ChurnTask, doChurnTask } from './churn-task'

parentPort?.on('message', (task: ChurnTask) => {
  parentPort?.postMessage(doChurnTask(task))
})
