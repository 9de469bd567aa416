import type { Route } from '../route'

/** What answers an activity of a Bot Framework channel. */
export type AnswerActivity = (request: {
  body: unknown
  authorization: string
  origin: string | undefined
}) => Promise<{
  readonly status: number
  readonly body?: object
  readonly retryAfterSeconds?: number
}>

/**
 * `POST /api/messages`: where Bot Framework's channels bring activities. 200 taken; 400 malformed, with the reason; 401 not
 * proven, or a foreign serviceUrl; 501 an invoke that is not served; 503 try again.
 */
export function messagesRoute(answer: AnswerActivity): Route {
  return {
    method: 'post',
    path: '/api/messages',
    body: 'json',
    async handle({ body, authorization, origin }) {
      const { retryAfterSeconds, ...response } = await answer({ body, authorization, origin })
      return retryAfterSeconds === undefined
        ? response
        : { ...response, headers: { 'retry-after': String(retryAfterSeconds) } }
    },
  }
}
