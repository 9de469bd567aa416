/** The desk's rules without a database: what a step answers, and what it leaves. */
export interface ModelRequest {
  readonly status: 'waiting' | 'agent' | 'returned' | 'closed'
  readonly version: number
  readonly staff: number | null
  readonly isLeft: boolean
  readonly unanswered: boolean
  readonly lastSeq: number
  /** The agent who ended it; null where the member did, or nobody. */
  readonly endedBy: number | null
}

/** Of one conversation, its requests in the order they were made. */
export type Model = readonly ModelRequest[]

export type Op =
  | { readonly kind: 'ask'; readonly key: string }
  | {
      readonly kind: 'accept' | 'return' | 'close'
      readonly staff: number
      readonly version: number
      readonly index: number
    }
  | {
      readonly kind: 'transfer'
      readonly staff: number
      readonly to: number | 'team'
      readonly version: number
      readonly index: number
    }
  | { readonly kind: 'back' | 'leave' | 'silent'; readonly index: number }
  | { readonly kind: 'say'; readonly staff: number; readonly key: string; readonly index: number }
  | { readonly kind: 'member'; readonly key: string; readonly index: number }

const isOpen = ({ status }: ModelRequest) => status === 'waiting' || status === 'agent'

/** What a step answers, in a word, and the requests after it. */
export function apply(model: Model, op: Op): readonly [answer: string, after: Model] {
  if (op.kind === 'ask') return ask(model)
  const request = model[op.index]
  if (!request) return ['unknown-request', model]
  const [answer, after] = step(request, op)
  return [answer, after ? model.with(op.index, after) : model]
}

function ask(model: Model): readonly [string, Model] {
  const index = model.findIndex(isOpen)
  const open = model[index]
  if (open) {
    const back = { ...open, isLeft: false, version: open.version + 1 }
    return ['already', open.isLeft ? model.with(index, back) : model]
  }
  const made = {
    status: 'waiting',
    version: 1,
    staff: null,
    isLeft: false,
    unanswered: true,
    lastSeq: 1,
    endedBy: null,
  } as const
  return ['made', [...model, made]]
}

function step(r: ModelRequest, op: Exclude<Op, { kind: 'ask' }>): readonly [string, ModelRequest?] {
  const version = r.version + 1
  switch (op.kind) {
    case 'accept':
      if (r.status === 'agent' && r.staff === op.staff && r.version === op.version + 1) return ['ok']
      if (r.version !== op.version) return ['changed']
      if (r.status !== 'waiting') return [r.status === 'agent' ? 'changed' : 'not-open']
      return ['ok', { ...r, status: 'agent', staff: op.staff, version, isLeft: false, unanswered: true }]
    case 'return':
    case 'close': {
      const ended = op.kind === 'return' ? 'returned' : 'closed'
      if (r.version !== op.version) {
        if (!isOpen(r) && r.version !== op.version + 1) return ['not-open']
        // The very step that ended it, again.
        if (r.status === ended && r.version === op.version + 1) return [r.endedBy === op.staff ? 'ok' : 'not-open']
        return ['changed']
      }
      if (!isOpen(r)) return ['not-open']
      if (r.staff !== op.staff || r.status !== 'agent') return ['not-yours']
      return ['ok', { ...r, status: ended, version, isLeft: false, unanswered: false, endedBy: op.staff }]
    }
    case 'transfer':
      if (r.version !== op.version) return [isOpen(r) || r.version === op.version + 1 ? 'changed' : 'not-open']
      if (!isOpen(r)) return ['not-open']
      if (r.staff !== op.staff || r.status !== 'agent') return ['not-yours']
      return op.to === 'team'
        ? ['ok', { ...r, status: 'waiting', staff: null, version }]
        : ['ok', { ...r, staff: op.to, version, isLeft: false, unanswered: true }]
    case 'back':
      return [
        'done',
        isOpen(r) ? { ...r, status: 'returned', version, isLeft: false, unanswered: false, staff: r.staff } : undefined,
      ]
    case 'leave':
      return ['done', r.status === 'waiting' && !r.isLeft ? { ...r, isLeft: true, version } : undefined]
    case 'silent':
      return r.status === 'agent' && r.unanswered
        ? ['taken', { ...r, status: 'waiting', staff: null, version }]
        : ['kept']
    case 'say':
      if (r.status === 'waiting' || (r.status === 'agent' && r.staff !== op.staff)) return ['not-yours']
      if (!isOpen(r)) return ['not-open']
      return ['ok', { ...r, unanswered: false, lastSeq: r.lastSeq + 1 }]
    case 'member':
      return isOpen(r) ? ['said', { ...r, unanswered: true, lastSeq: r.lastSeq + 1 }] : ['closed']
  }
}

/** Every order in which these can have happened. */
export function orders<T>(ops: readonly T[]): (readonly T[])[] {
  if (ops.length <= 1) return [ops]
  return ops.flatMap((op, place) =>
    orders([...ops.slice(0, place), ...ops.slice(place + 1)]).map((rest) => [op, ...rest]),
  )
}
