import type { Database } from '../../db/open'

/** What there is too little of for a model, e.g. "members with two orders or more". */
export interface Missing {
  readonly what: string
  readonly have: number
  readonly need: number
}

/** A model as it was kept. `bytes` are those of ml/model-file's `packModel`, their checksum verified. */
export interface StoredModel {
  readonly id: number
  readonly kind: string
  readonly bytes: Uint8Array
  readonly trainedAt: Date
  readonly dataFrom: Date
  readonly dataTo: Date
  readonly figures: Readonly<Record<string, unknown>>
}

/** The figure by which a model is accepted; higher is better. All values were measured on the same held-out data. */
export interface Judged {
  readonly figure: string
  readonly value: number
  /** That of the model in use, where there is one that can be measured on today's held-out data. */
  readonly inUse?: number
  /** That of the simple way that the model must beat. */
  readonly baseline?: { readonly name: string; readonly value: number }
}

export interface TrainContext {
  /** Now. What a member did is read as of the books date of the member's source. */
  readonly at: Date
  readonly seed: number
  readonly threads: number
  readonly inUse?: StoredModel
  /** Called now and then with the share that is done, 0 to 1. */
  readonly onProgress: (share: number) => void
}

export type TrainResult =
  | {
      readonly ok: true
      readonly bytes: Uint8Array
      /** The span of the orders or events that it learnt from. */
      readonly dataFrom: Date
      readonly dataTo: Date
      /** What was held out, in words. */
      readonly split: string
      readonly figures: Readonly<Record<string, unknown>>
      readonly judged: Judged
    }
  | { readonly ok: false; readonly code: 'not-enough-data'; readonly missing: readonly Missing[] }

export interface ScoreContext {
  readonly at: Date
  readonly seed: number
  readonly threads: number
  /** The model in use; absent where none was trained or none was good enough. What rules can say is said without it. */
  readonly model?: StoredModel
  readonly onProgress: (share: number) => void
}

/** Counts and figures for people, e.g. how many members got a score and how many did not, and why. */
export type ScoreResult = Readonly<Record<string, unknown>>

/**
 * A kind of model: how it is fitted to what is in the database, and how what it says is written down for chat, jobs and
 * console to read. Training writes nothing; scoring replaces its tables in one transaction, and twice gives the same.
 */
export interface Trainer {
  readonly kind: string
  /** One line for people: what it is for. */
  readonly says: string
  train(database: Database, context: TrainContext): Promise<TrainResult>
  score(database: Database, context: ScoreContext): Promise<ScoreResult>
}
