import type { IncomingMessage } from 'node:http'
import { type ApiResponse, failure } from './route'

export const BODY_BYTES_MAX = 256 * 1024

export type BodyResult =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly response: ApiResponse }

/** Reads a JSON body of at most 256 KB. Refuses other types (415), more (413) and what is no JSON (400). */
export async function readJson(request: IncomingMessage, { optional }: { optional: boolean }): Promise<BodyResult> {
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > BODY_BYTES_MAX) return refuse(tooLarge())
  const isJson = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')
  const text = isJson || optional ? await readText(request) : ''
  if (text === undefined) return refuse(tooLarge())
  if (optional && text === '') return { ok: true, body: undefined }
  if (!isJson) return refuse(failure(415, 'unsupported-media-type', 'the body must be application/json'))
  try {
    return { ok: true, body: JSON.parse(text) }
  } catch {
    return refuse(failure(400, 'malformed-json', text === '' ? 'the body is empty' : 'the body is not JSON'))
  }
}

/** Undefined when it is too large; what comes after the limit is not kept. */
function readText(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= BODY_BYTES_MAX) chunks.push(chunk)
      else resolve(undefined)
    })
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.on('error', reject)
    request.on('aborted', () => reject(new Error('the request was aborted')))
  })
}

function refuse(response: ApiResponse): BodyResult {
  return { ok: false, response }
}

function tooLarge(): ApiResponse {
  return failure(413, 'body-too-large', `the body may have ${BODY_BYTES_MAX} bytes at most`, { connection: 'close' })
}
