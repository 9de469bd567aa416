/** A request as the operations see it: nothing of the server underneath. */
export interface ApiRequest {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The parsed JSON body; undefined when there was none. */
  readonly body: unknown
  readonly authorization: string
  /** The cookie header as it came; empty where there is none. */
  readonly cookie: string
  /** The caller's network address. */
  readonly address: string
  /** Where the caller reached us, such as `http://localhost:3978`. */
  readonly baseUrl: string
  /** The page that a browser sends from; undefined for others. */
  readonly origin: string | undefined
}

export interface ApiResponse {
  readonly status: number
  readonly body?: object
  /** Sent in place of a body, with a content-type among the headers. */
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** One operation: a file in api/ each. */
export interface Route {
  readonly method: 'get' | 'post'
  /** find-my-way's syntax: `/v3/directline/conversations/:id`. */
  readonly path: string
  /** `json`: must be there; `optional-json`: may be absent; `unread`: thrown away. Default: no body. */
  readonly body?: 'json' | 'optional-json' | 'unread'
  /** Whether pages of other sites may call it, if they are on the list. */
  readonly crossOrigin?: boolean
  handle(request: ApiRequest): Promise<ApiResponse> | ApiResponse
}

/** The shape of every error we answer. */
export function failure(
  status: number,
  code: string,
  message: string,
  headers?: Readonly<Record<string, string>>,
): ApiResponse {
  return { status, body: { error: { code, message } }, ...(headers ? { headers } : {}) }
}
