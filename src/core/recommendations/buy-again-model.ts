import type { BasketHistory } from '../../ml/next-basket-history'
import type { NextBasketModel } from '../../ml/next-basket-model'
import { POPULAR_WITHIN_DAYS } from './popularity'
import { rhythmOf } from './rhythm'

/**
 * The floor of `buy-again.ts` over a history, as of a day for each user: what the models are measured against. What is
 * bought again and about due comes first, then what most members bought in the 90 days to the last basket of all.
 */
export function fitBuyAgain(history: BasketHistory, days: Float64Array): NextBasketModel {
  const { userStart, basketStart, item, day } = history
  const buyers = lateBuyers(history)
  const buyersMax = buyers.reduce((most, count) => Math.max(most, count), 1)
  return {
    scoreUser(user, board) {
      const bought = new Map<number, number[]>()
      const [from, to] = [userStart[user] ?? 0, userStart[user + 1] ?? 0]
      for (let basket = from; basket < to; basket++) {
        for (let at = basketStart[basket] ?? 0; at < (basketStart[basket + 1] ?? 0); at++) {
          const one = item[at] ?? 0
          const known = bought.get(one)
          if (known) known.push(day[basket] ?? 0)
          else bought.set(one, [day[basket] ?? 0])
        }
      }
      const asOf = { asOfDay: days[user] ?? 0, lastOrderDay: day[to - 1] ?? 0 }
      for (const [one, on] of bought) {
        const rhythm = rhythmOf(on, asOf)
        if (rhythm) board.add(one, 0.5 + rhythm.score / 2)
      }
      for (let one = 0; one < buyers.length; one++) {
        const count = buyers[one] ?? 0
        if (count > 0 && !bought.has(one)) board.add(one, (0.5 * count) / buyersMax)
      }
    },
  }
}

/** What most members bought in the 90 days to the last basket of all, the same for everybody. */
export function fitLatelyPopular(history: BasketHistory): NextBasketModel {
  const buyers = lateBuyers(history)
  return {
    scoreUser(_user, board) {
      buyers.forEach((count, item) => {
        if (count > 0) board.add(item, count)
      })
    },
  }
}

function lateBuyers({ users, items, userStart, basketStart, item, day }: BasketHistory): Uint32Array {
  const buyers = new Uint32Array(items)
  const countedFor = new Int32Array(items).fill(-1)
  const since = day.reduce((last, one) => Math.max(last, one), Number.NEGATIVE_INFINITY) - POPULAR_WITHIN_DAYS
  for (let user = 0; user < users; user++) {
    for (let basket = userStart[user] ?? 0; basket < (userStart[user + 1] ?? 0); basket++) {
      if ((day[basket] ?? 0) <= since) continue
      for (let at = basketStart[basket] ?? 0; at < (basketStart[basket + 1] ?? 0); at++) {
        const one = item[at] ?? 0
        if (countedFor[one] === user) continue
        countedFor[one] = user
        buyers[one] = (buyers[one] ?? 0) + 1
      }
    }
  }
  return buyers
}
