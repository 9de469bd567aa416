import { failure, type Route } from '../../route'
import type { Staff, StaffAccess } from './access'
import { refusalResponse } from './assist-refusals'
import type { Seen } from './member'
import { idOf } from './parsed'

export type TranscriptFormat = 'txt' | 'json'

export interface TranscriptService {
  /** Notes are in the JSON of supervisors and above only. */
  transcript(
    staff: Staff,
    requestId: number,
    format: TranscriptFormat,
  ): Promise<Seen<{ filename: string; content: string }>>
}

const contentTypes: Readonly<Record<TranscriptFormat, string>> = {
  txt: 'text/plain; charset=utf-8',
  json: 'application/json; charset=utf-8',
}

/**
 * `GET /api/console/requests/:id/transcript?format=txt|json` (txt): all that was said, as a file, with times in the merchant's
 * zone. Refusals: unknown-request, not-yours, unknown-format.
 */
export function transcriptRoute(service: TranscriptService, access: StaffAccess): Route {
  return {
    method: 'get',
    path: '/api/console/requests/:id/transcript',
    async handle(request) {
      const admitted = await access(request, 'agent')
      if (!admitted.ok) return admitted.response
      const id = idOf(request.params.id)
      if (id === undefined) return failure(404, 'unknown-request', 'there is no such request')
      const format = request.query.get('format') ?? 'txt'
      if (format !== 'txt' && format !== 'json') return failure(422, 'unknown-format', 'format: txt or json')
      const seen = await service.transcript(admitted.staff, id, format)
      if (!seen.ok) return refusalResponse(seen)
      const headers = {
        'content-type': contentTypes[format],
        'content-disposition': `attachment; filename="${seen.filename}"`,
      }
      return { status: 200, text: seen.content, headers }
    },
  }
}
