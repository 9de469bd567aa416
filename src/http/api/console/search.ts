import type { Route } from '../../route'
import type { Staff, StaffAccess } from './access'
import type { SearchResult } from './types'

export interface SearchService {
  search(staff: Staff, query: string): Promise<readonly SearchResult[]>
}

/**
 * `GET /api/console/search?q=`: `{ results }`, the newest first: messages of past and present conversations that hold the words.
 * Nothing for fewer than two characters.
 */
export function searchRoute(service: SearchService, access: StaffAccess): Route {
  return {
    method: 'get',
    path: '/api/console/search',
    async handle(request) {
      const admitted = await access(request, 'agent')
      if (!admitted.ok) return admitted.response
      const query = (request.query.get('q') ?? '').replace(/[\p{Cc}\p{Cs}]/gu, ' ')
      return { status: 200, body: { results: await service.search(admitted.staff, query) } }
    },
  }
}
