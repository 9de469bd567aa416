import { z } from 'zod'
import type { Database } from '../../db/open'
import { packModel, unpackModel } from '../../ml/model-file'
import { fitTopicFrequency, fitTopicTransitions, likeliestTopics, type TopicSteps } from '../../ml/topic-steps'
import type { ScoreContext, ScoreResult, TrainContext, Trainer, TrainResult } from '../training/trainer'
import { readTopicSteps } from './read-topic-steps'
import { type NextTopic, writeNextTopics } from './write-next-topics'

const TOPICS = { kind: 'topics', version: 1 } as const

const MEMBERS_MIN = 50
/** How many are offered, and so how far down a hit counts. */
const OFFERED = 3
/** What fewer than this share ask next is no likely need. */
const SHARE_MIN = 0.05
/** Two topics in a row say more than the last one alone, once so many people asked both. */
const PAIR_MIN = 5

/** What members ask next: from what they asked before, and what those who asked the same went on to ask. */
export const topicsTrainer: Trainer = {
  kind: TOPICS.kind,
  says: 'what a member asks next, offered as a button after an answer',
  train: trainTopics,
  score: scoreTopics,
}

/** Counts steps from topic to topic. Measured on each member's last step, counted without it, against what is asked most. */
async function trainTopics(database: Database, { at, onProgress }: TrainContext): Promise<TrainResult> {
  const { steps, topics, lastOfMember, dataFrom, dataTo } = await readTopicSteps(database, { at })
  const held = lastOfMember.length
  if (held < MEMBERS_MIN || !dataFrom || !dataTo) {
    const what = 'members who asked two things within 30 days'
    return { ok: false, code: 'not-enough-data', missing: [{ what, have: held, need: MEMBERS_MIN }] }
  }
  const known = without(steps, new Set(lastOfMember))
  onProgress(0.3)
  const transitions = hitRate(fitTopicTransitions(known), steps, lastOfMember)
  const frequency = hitRate(fitTopicFrequency(known), steps, lastOfMember)
  onProgress(1)
  const { before, topic, next } = steps
  return {
    ok: true,
    bytes: packModel({ ...TOPICS, meta: { topics }, arrays: { before, topic, next } }),
    dataFrom,
    dataTo,
    split: 'the last step from one topic to the next of each member is held out; all others are counted',
    figures: { members: held, steps: next.length, hitRate3: { transitions, frequency } },
    // Without options to settle, the model in use is the same counting on older steps, and may have seen these: no match.
    judged: {
      figure: 'hit rate within 3',
      value: transitions,
      baseline: { name: 'what is asked most', value: frequency },
    },
  }
}

/** Writes what to offer after each topic, and after each pair of topics that enough members asked. */
async function scoreTopics(database: Database, { model, onProgress }: ScoreContext): Promise<ScoreResult> {
  if (!model) {
    await writeNextTopics(database, [])
    return { topics: 0, rows: 0 }
  }
  const { meta, arrays } = unpackModel(model.bytes, TOPICS)
  const { topics } = z.object({ topics: z.array(z.string()) }).parse(meta)
  const steps = stepsOf(topics.length, arrays)
  const fitted = fitTopicTransitions(steps)
  const rows: NextTopic[] = []
  for (const [before, topic] of contextsOf(steps)) {
    const shares = fitted.shares(before, topic)
    likeliestTopics(shares, OFFERED, [topic, before]).forEach((next, place) => {
      const share = shares[next] ?? 0
      if (share < SHARE_MIN) return
      rows.push({
        before: topics[before] ?? '',
        topic: topics[topic] ?? '',
        place: place + 1,
        next: topics[next] ?? '',
        share,
      })
    })
  }
  await writeNextTopics(database, rows)
  onProgress(1)
  return { topics: topics.length, rows: rows.length }
}

function stepsOf(topics: number, arrays: Readonly<Record<string, unknown>>): TopicSteps {
  const { before, topic, next } = arrays
  if (before instanceof Int32Array && topic instanceof Int32Array && next instanceof Int32Array) {
    return { topics, before, topic, next }
  }
  throw new Error('the model of topics has no steps')
}

/** Each topic that something was asked after, and each pair of topics that enough members asked in a row. */
function contextsOf({ before, topic, topics }: TopicSteps): [before: number, topic: number][] {
  const single = [...new Set(topic)].map((one): [number, number] => [-1, one])
  const counts = new Map<number, number>()
  topic.forEach((one, step) => {
    const earlier = before[step] ?? -1
    if (earlier >= 0) counts.set(earlier * topics + one, (counts.get(earlier * topics + one) ?? 0) + 1)
  })
  const pairs = [...counts].filter(([, count]) => count >= PAIR_MIN)
  return [...single, ...pairs.map(([key]): [number, number] => [Math.floor(key / topics), key % topics])]
}

function without(steps: TopicSteps, left: ReadonlySet<number>): TopicSteps {
  const keep = (values: Int32Array) => values.filter((_, step) => !left.has(step))
  return { topics: steps.topics, before: keep(steps.before), topic: keep(steps.topic), next: keep(steps.next) }
}

/** The share of these steps whose next topic is among those that would be offered. */
function hitRate(model: ReturnType<typeof fitTopicTransitions>, steps: TopicSteps, wanted: readonly number[]): number {
  const hits = wanted.filter((step) => {
    const [before, topic, next] = [steps.before[step] ?? -1, steps.topic[step] ?? 0, steps.next[step] ?? 0]
    return likeliestTopics(model.shares(before, topic), OFFERED, [topic, before]).includes(next)
  })
  return hits.length / Math.max(1, wanted.length)
}
