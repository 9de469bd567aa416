import { failure, type Route } from '../route'

/** Whether this process can serve: its database answers and has the tables it needs. */
export type Readiness = () => Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }>

/** `GET /live`: the process runs. `GET /ready`: it can answer a turn; 503 with a reason otherwise. */
export function healthRoutes(readiness: Readiness): readonly Route[] {
  return [
    { method: 'get', path: '/live', handle: () => ({ status: 200, body: { status: 'live' } }) },
    {
      method: 'get',
      path: '/ready',
      async handle() {
        const ready = await readiness()
        return ready.ok ? { status: 200, body: { status: 'ready' } } : failure(503, 'not-ready', ready.reason)
      },
    },
  ]
}
