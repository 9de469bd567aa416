import { randomBytes, randomUUID } from 'node:crypto'

/** Tells the time. Injected, so that tests and replays choose it. */
export type Clock = () => Date

/** Makes ids that are unique everywhere (UUID v4). */
export type NewId = () => string

/** Bytes that cannot be guessed, for codes and tokens. */
export type SecretBytes = (length: number) => Buffer

/** The machine's clock. This file is the only one that may read it. */
export const systemClock: Clock = () => new Date()

export const newUuid: NewId = () => randomUUID()

export const secretBytes: SecretBytes = (length) => randomBytes(length)
