import type { RequestRow } from '../../../http/api/console/types'
import type { Locale } from '../../shared/locale'

/** What of the queue is shown; null: all. */
export interface Filters {
  readonly locale: Locale | null
  readonly reason: RequestRow['reason'] | null
  readonly team: string | null
}

export const noFilters: Filters = { locale: null, reason: null, team: null }

export function isFiltered({ locale, reason, team }: Filters): boolean {
  return locale !== null || reason !== null || team !== null
}

/** The rows that pass. */
export function filtered(rows: readonly RequestRow[], filters: Filters): readonly RequestRow[] {
  return rows.filter(
    (row) =>
      (filters.locale === null || row.locale === filters.locale) &&
      (filters.reason === null || row.reason === filters.reason) &&
      (filters.team === null || row.team === filters.team),
  )
}
