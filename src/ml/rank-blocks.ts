import { PositiveBoard, type Scores } from './positive-board'
import type { ScoreBoard } from './rank-board'
import type { Expert } from './rank-experts'

/** So many users are scored by one recommender before the next: what it looks up then stays in the processor's cache. */
const BLOCK_USERS = 16

/** The scores of one expert for the users of a block, one after another. */
interface Column extends Scores {
  /** Where each user's scores begin; those of the last end at the last element. */
  readonly start: Uint32Array
  /** Each user's best items, `from` of the expert at the most, in no order. */
  readonly best: Uint32Array
  readonly bestCount: Uint32Array
}

/** What all experts say of one user after another. The figures are the same in whatever blocks users come. */
export interface UserBlocks {
  /** The users that will be opened next, in their order; others may be opened all the same. */
  expect(users: ArrayLike<number>): void
  open(user: number): void
  /** Adds 1 to `board` for each of an expert's best items for the open user. */
  vote(board: ScoreBoard): void
  /** Writes each expert's scores of the open user for the first `count` of `chosen`, 0 where it has none. */
  write(chosen: Uint32Array, count: number, into: readonly Float64Array[]): void
}

/** `tieOrder`: an item's place among items of equal score. */
export function openBlocks(experts: readonly Expert[], items: number, tieOrder: Uint32Array): UserBlocks {
  const columns = experts.map(({ from }) => openColumn(from))
  const groups = groupsOf(experts)
  const board = new PositiveBoard(items)
  // One more than an item's place among what is written, 0 for others; so small that it stays in the nearest cache.
  const placeOf = new Uint8Array(items)
  let expected = new Uint32Array(0)
  let next = 0
  let block = expected
  let open = 0

  const score = (expert: number, place: number): void => {
    const { model, from } = experts[expert]!
    const column = columns[expert]!
    model.scoreUser(block[place]!, board)
    const start = column.start[place]!
    column.start[place + 1] = start + board.count
    makeRoom(column, start + board.count)
    column.bestCount[place] = board.best(from, column.best.subarray(place * from), tieOrder, column, start)
    board.clear()
  }
  const fill = (user: number): void => {
    const at = expected.indexOf(user, next)
    block = at < 0 ? Uint32Array.of(user) : expected.subarray(at, at + BLOCK_USERS)
    if (at >= 0) next = at + block.length
    for (const group of groups) {
      for (let place = 0; place < block.length; place++) for (const expert of group) score(expert, place)
    }
  }
  return {
    expect(users) {
      expected = Uint32Array.from(users)
      next = 0
    },
    open(user) {
      open = block.indexOf(user)
      if (open >= 0) return
      fill(user)
      open = 0
    },
    vote(chosen) {
      columns.forEach(({ best, bestCount }, expert) => {
        const from = open * experts[expert]!.from
        for (let at = from; at < from + bestCount[open]!; at++) chosen.add(best[at]!, 1)
      })
    },
    write(chosen, count, into) {
      for (let k = 0; k < count; k++) placeOf[chosen[k]!] = k + 1
      columns.forEach(({ item, value, start }, expert) => {
        const scores = into[expert]!.fill(0)
        for (let at = start[open]!; at < start[open + 1]!; at++) {
          const place = placeOf[item[at]!]!
          if (place > 0) scores[place - 1] = value[at]!
        }
      })
      for (let k = 0; k < count; k++) placeOf[chosen[k]!] = 0
    },
  }
}

/** Each expert, and right after it about the same user whoever looks up what it has just found. */
function groupsOf(experts: readonly Expert[]): number[][] {
  const all = experts.map((expert, place) => ({ expert, place }))
  return all
    .filter(({ expert }) => expert.after === undefined)
    .map(({ expert, place }) => [
      place,
      ...all.filter((other) => other.expert.after === expert.name).map((other) => other.place),
    ])
}

function openColumn(from: number): Column {
  return {
    item: new Uint32Array(1 << 16),
    value: new Float32Array(1 << 16),
    start: new Uint32Array(BLOCK_USERS + 1),
    best: new Uint32Array(BLOCK_USERS * from),
    bestCount: new Uint32Array(BLOCK_USERS),
  }
}

/** Lets a column hold so many scores. */
function makeRoom(column: Column, length: number): void {
  if (length <= column.item.length) return
  const [item, value] = [new Uint32Array(2 * length), new Float32Array(2 * length)]
  item.set(column.item)
  value.set(column.value)
  Object.assign(column, { item, value })
}
