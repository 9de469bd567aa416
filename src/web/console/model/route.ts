/** Where in the console one is. It stands behind the # of the address, so that the server needs to know one page only. */
export type Route =
  | { readonly page: 'desk'; readonly requestId: number | null }
  | { readonly page: 'search' | 'reports' | 'staff' | 'canned' | 'account' }
  | { readonly page: 'invitation'; readonly token: string }

const PAGES = ['search', 'reports', 'staff', 'canned', 'account'] as const

/** Reads an address; what nobody knows leads to the desk. */
export function routeOf({ hash, search }: { hash: string; search: string }): Route {
  const invited = new URLSearchParams(search).get('invitation')
  if (invited) return { page: 'invitation', token: invited }
  const [page = '', detail = ''] = hash.replace(/^#\/?/, '').split(/[/=]/)
  if (page === 'invitation' && detail) return { page, token: decodeURIComponent(detail) }
  const plain = PAGES.find((known) => known === page)
  if (plain) return { page: plain }
  const requestId = /^[1-9]\d{0,15}$/.test(detail) ? Number(detail) : null
  return { page: 'desk', requestId }
}

/** The part of the address behind the page's own. */
export function hrefOf(route: Exclude<Route, { page: 'invitation' }>): string {
  if (route.page !== 'desk') return `#/${route.page}`
  return route.requestId === null ? '#/desk' : `#/desk/${route.requestId}`
}
