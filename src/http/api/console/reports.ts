import { failure, type Route } from '../../route'
import type { Staff, StaffAccess } from './access'
import type { DeskReport } from './types'

export interface ReportService {
  /** Figures of each person are for supervisors and above; for others the list is empty. */
  report(staff: Staff, days: number): Promise<DeskReport>
}

const DAYS_DEFAULT = 30
const DAYS_MAX = 366

/** `GET /api/console/reports?days=30`: a `DeskReport` of the last days, today among them. Refuses `days` other than 1 to 366. */
export function reportRoute(service: ReportService, access: StaffAccess): Route {
  return {
    method: 'get',
    path: '/api/console/reports',
    async handle(request) {
      const admitted = await access(request, 'agent')
      if (!admitted.ok) return admitted.response
      const asked = request.query.get('days') ?? String(DAYS_DEFAULT)
      const days = /^\d{1,3}$/.test(asked) ? Number(asked) : 0
      if (days < 1 || days > DAYS_MAX) return failure(422, 'malformed-input', `days: 1 to ${DAYS_MAX}`)
      return { status: 200, body: await service.report(admitted.staff, days) }
    },
  }
}
