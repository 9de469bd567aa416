import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { type BasketHistory, type ItemLists, packHistory } from '../src/ml/next-basket-history'

/** `{user: [[-1], basket, …, [-1]]}`: the marks at both ends are no baskets. Items are whole numbers from 0. */
const fileSchema = z.record(z.string(), z.array(z.array(z.number().int().min(-1))))

type Baskets = Map<string, number[][]>

/** Reads a history and, where given, the baskets after it. Without those the caller holds out the last baskets. */
export function readHistory(file: string, futureFile?: string): { history: BasketHistory; future?: ItemLists } {
  const baskets = readBaskets(file)
  const later = futureFile ? readBaskets(futureFile) : undefined
  // Whoever is in the future only is a new member, without any basket so far.
  for (const user of later?.keys() ?? []) if (!baskets.has(user)) baskets.set(user, [])
  let items = 0
  for (const lists of [...baskets.values(), ...(later?.values() ?? [])]) {
    for (const basket of lists) for (const item of basket) items = Math.max(items, item + 1)
  }
  const users = [...baskets].map(([, own]) => ({ baskets: own }))
  const history = packHistory(users, items)
  if (history.item.length === 0) throw new InvalidArgumentError(`${file} holds no baskets`)
  if (!later) return { history }
  const start = new Uint32Array(users.length + 1)
  const item: number[] = []
  let user = 0
  for (const name of baskets.keys()) {
    item.push(...new Set(later.get(name)?.[0] ?? []))
    start[++user] = item.length
  }
  return { history, future: { start, item: Uint32Array.from(item) } }
}

function readBaskets(file: string): Baskets {
  const parsed = fileSchema.safeParse(parseJson(file))
  if (!parsed.success) {
    throw new InvalidArgumentError(`${file} is not of the form {user: [[-1], basket, …, [-1]]}`)
  }
  const baskets: Baskets = new Map()
  for (const [user, lists] of Object.entries(parsed.data)) {
    baskets.set(
      user,
      lists.map((basket) => basket.filter((item) => item >= 0)).filter((basket) => basket.length > 0),
    )
  }
  return baskets
}

function parseJson(file: string): unknown {
  try {
    const bytes = readFileSync(file)
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
    return JSON.parse((isGzip ? gunzipSync(bytes) : bytes).toString('utf8'))
  } catch (error) {
    throw new InvalidArgumentError(`${file} cannot be read: ${(error as Error).message}`)
  }
}
