// Where the channels of Bot Framework are served: the public cloud, Teams, and the national clouds.
const KNOWN_HOSTS = new Set([
  'smba.trafficmanager.net',
  'smba.infra.gcc.teams.microsoft.com',
  'smba.infra.gov.teams.microsoft.us',
  'smba.infra.dod.teams.microsoft.us',
])
const KNOWN_DOMAINS = ['.botframework.com', '.botframework.azure.us', '.botframework.azure.cn']

export interface ServiceUrlRules {
  /** Without authentication only this machine may be answered. */
  readonly demo: boolean
  /** Further hosts that are trusted, such as a proxy's. */
  readonly allowedHosts: readonly string[]
}

/**
 * Whether replies may be sent there. A foreign address would receive what members are told, and our token with it.
 */
export function isServiceUrlAllowed(serviceUrl: string, { demo, allowedHosts }: ServiceUrlRules): boolean {
  const { protocol, hostname, username, password } = new URL(serviceUrl)
  if (username !== '' || password !== '') return false
  if (allowedHosts.includes(hostname)) return protocol === 'https:' || isLoopback(hostname)
  if (demo) return isLoopback(hostname)
  if (protocol !== 'https:') return false
  return KNOWN_HOSTS.has(hostname) || KNOWN_DOMAINS.some((domain) => hostname.endsWith(domain))
}

/** Whether a host name, as a URL has it, is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
