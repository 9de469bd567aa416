import { type BasketHistory, byCount, itemCounts } from './next-basket-history'
import { ScoreBoard, type ScoreSink } from './rank-board'
import { noItem, type RankedLists } from './rank-metrics'

/** A recommender of next baskets that was fitted to a history: what every method here is. */
export interface NextBasketModel {
  /** Adds the user's scores to an empty board. Items it has nothing to say about stay untouched. */
  scoreUser(user: number, board: ScoreBoard): void
  /** Says which users will be scored next, in their order: some models score several at once. */
  expect?(users: ArrayLike<number>): void
}

/** One that adds its scores to whatever it is given, as long as they are above 0. */
export interface SinkModel extends NextBasketModel {
  scoreUser(user: number, board: ScoreSink): void
}

export interface ListOptions {
  width: number
  /** Whose lists to make; all users where absent. The others' rows stay empty. */
  users?: ArrayLike<number>
}

/**
 * The best items a user, best first: ties go to the item bought more, and a short list is filled up with what is bought
 * most (so that a new member gets something too).
 */
export function recommendLists(model: NextBasketModel, history: BasketHistory, options: ListOptions): RankedLists {
  const { width } = options
  const popular = byCount(itemCounts(history))
  const place = new Uint32Array(history.items)
  popular.forEach((item, at) => {
    place[item] = at
  })
  const item = new Uint32Array(history.users * width).fill(noItem)
  const board = new ScoreBoard(history.items)
  const users = options.users ?? Uint32Array.from({ length: history.users }, (_, user) => user)
  model.expect?.(users)
  for (let k = 0; k < users.length; k++) {
    const user = users[k]!
    model.scoreUser(user, board)
    let found = board.top(width, item, user * width, place)
    for (let at = 0; found < width && at < popular.length; at++) {
      if (board.has(popular[at]!)) continue
      item[user * width + found] = popular[at]!
      found += 1
    }
    board.clear()
  }
  return { width, item }
}
