import type { OrderFile } from './order-file'

export type ImportPhase = 'fingerprint' | 'waiting' | 'resuming' | 'reading' | 'orders' | 'points'

export interface ImportOptions {
  path: string
  /** Absent: told from the header. */
  format?: string
  /** ISO 4217; default that of the format, else of the merchant. Decides for a programme that has no merchant yet. */
  currency?: string
  /** IANA name: where times without an offset are; default that of the format, else of the merchant. */
  timeZone?: string
  at: Date
  onPhase?: (phase: ImportPhase, file?: OrderFile) => void
  /** How much of the file was read, in bytes of the file itself. */
  onBytes?: (bytes: number) => void
  /** How many batches of members have their points. */
  onBatch?: (done: number, batches: number) => void
  /** Orders kept in memory while more of their lines may come; for tests. */
  openOrdersMax?: number
  /** Orders whose points are recorded together; for tests. */
  ordersPerBatch?: number
}
