import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import restify, { type Request, type RequestHandler, type Response, type Server } from 'restify'
import { type OriginRules, pagePolicy, TEAMS_ORIGINS } from './security'

/** Addresses of pages that look better without their ending. */
const PAGES: Readonly<Record<string, string>> = {
  '/': 'index.html',
  '/mailbox': 'mailbox.html',
  '/chat': 'chat.html',
  '/campaigns': 'campaigns.html',
  '/jobs': 'campaigns.html',
}

/** What is served, and to whom. */
export interface PageOptions extends OriginRules {
  /** Where the built pages are. */
  readonly webFolder: string
  /** Whether the console may stand in a tab of Teams. */
  readonly consoleInTeams?: boolean
}

/** Serves the built pages: HTML asked for anew each time, files with a hash in their name for good. */
export function servePages(server: Server, { webFolder, consoleInTeams, ...rules }: PageOptions): void {
  const serve = restify.plugins.serveStaticFiles(webFolder, {
    maxAge: 0,
    setHeaders: (response: Response, file: string) => setHeaders(response, file, rules),
  } as Parameters<typeof restify.plugins.serveStaticFiles>[1])
  for (const [address, file] of Object.entries(PAGES)) {
    const servePage: RequestHandler = (request, response, next) => {
      if (!existsSync(path.join(webFolder, file))) return next(new NotBuilt())
      request.params = { ...request.params, '*': file }
      return serve(request, response, next)
    }
    server.get(address, servePage)
    server.head(address, servePage)
  }
  for (const address of ['/console', '/console.html']) {
    const serveConsole = consolePage(webFolder, consoleInTeams ? TEAMS_ORIGINS : [])
    server.get(address, serveConsole)
    server.head(address, serveConsole)
  }
  const serveFile = packedWherePossible(serve, webFolder)
  server.get('/*', serveFile)
  server.head('/*', serveFile)
}

/** Stands in the console's page where each answer has its own. */
const NONCE_PLACE = 'PAGE_NONCE'

/** The console makes styles while it runs: each answer lets in those that know its nonce. */
function consolePage(webFolder: string, framedBy: readonly string[]) {
  return async (_request: Request, response: Response): Promise<void> => {
    const file = path.join(webFolder, 'console.html')
    if (!existsSync(file)) throw new NotBuilt()
    const styleNonce = randomBytes(18).toString('base64url')
    const html = (await readFile(file, 'utf8')).replace(NONCE_PLACE, styleNonce)
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-length': Buffer.byteLength(html),
      'content-security-policy': pagePolicy({ framedBy, styleNonce }),
      // Kept nowhere: a nonce serves once.
      'cache-control': 'no-store',
    })
    response.end(html)
  }
}

/** What the build packs besides, by ending. */
const PACKED_TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

/** Scripts and styles go out as the build has packed them, to browsers that can unpack: a quarter of the bytes. */
function packedWherePossible(serve: RequestHandler, webFolder: string): RequestHandler {
  return (request, response, next) => {
    const file = String(request.params?.['*'] ?? '')
    const type = PACKED_TYPES[path.extname(file)]
    if (type) response.setHeader('vary', 'accept-encoding')
    const accepts = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:[,\s]|$))/.test(String(request.headers['accept-encoding'] ?? ''))
    // Only plain names: what they may point at is for the file server to judge.
    const isPlain = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/.test(file)
    if (type && accepts && isPlain && existsSync(path.join(webFolder, `${file}.gz`))) {
      response.setHeader('content-type', type)
      response.setHeader('content-encoding', 'gzip')
      request.params = { ...request.params, '*': `${file}.gz` }
    }
    return serve(request, response, next)
  }
}

/** The pages were not built: as if they were not there. */
class NotBuilt extends Error {
  readonly statusCode = 404
}

function setHeaders(response: Response, file: string, rules: OriginRules): void {
  if (file.endsWith('.html')) {
    const framed = path.basename(file) === 'chat.html'
    response.setHeader('content-security-policy', pagePolicy({ framedBy: framed ? rules.allowedOrigins : [] }))
    response.setHeader('cache-control', 'no-cache')
    return
  }
  // The shop's page loads widget.js from us, and the chat's frame its own files.
  response.setHeader('cross-origin-resource-policy', 'cross-origin')
  const hashed = file.includes(`${path.sep}assets${path.sep}`)
  response.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'public, max-age=300')
}
