import { type BgNbd, fitBgNbd, probabilityAlive, probabilityBuys } from '../../ml/bgnbd'
import { expectedAmount, fitGammaGamma, type GammaGamma } from '../../ml/gamma-gamma'
import { MARGIN_SHARE, PERIOD_WEEKS, type Seen } from './shop'

const SAMPLE_MAX = 10_000
const YEAR_WEEKS = 52
/** The share of those still coming whom a message is taken to drive away: a stated guess, half of what is true here. */
const BOTHERED_SHARE = 0.005

/** What the merchant's models make of a member. */
export interface Judgement {
  readonly alive: number
  /** The chance to order within the next period. */
  readonly buysAnyway: number
  readonly meanAmountMinor: number
  /** What an order that the message brings is worth: its own margin, and a year's where the member had left. */
  readonly valueMinor: number
  /** What is lost on average by writing to somebody who would have come anyway and may mind. */
  readonly botherMinor: number
}

/** Fits BG/NBD and gamma-gamma to what is seen of a sample of the members, `ages` in weeks; undefined where they refuse. */
export function fitJudge(
  seen: readonly Seen[],
  ages: Float64Array,
): ((member: Seen, age: number) => Judgement) | undefined {
  const step = Math.max(1, Math.ceil(seen.length / SAMPLE_MAX))
  const sample = seen.map((member, at) => ({ ...member, age: ages[at] ?? 0 })).filter((_, at) => at % step === 0)
  const purchases = fitBgNbd({
    // In whole weeks, members with the same history are counted together.
    frequency: sample.map(({ frequency }) => frequency),
    recency: sample.map(({ recencyWeeks }) => Math.floor(recencyWeeks)),
    age: sample.map(({ age }) => Math.ceil(age)),
  })
  const amounts = fitGammaGamma(
    sample.map(({ frequency }) => frequency + 1),
    sample.map(({ frequency, spentMinor }) => spentMinor / (frequency + 1)),
  )
  if (!purchases.ok || !amounts.ok) return undefined
  return (member, age) => judge(purchases, amounts, member, age)
}

function judge(model: BgNbd, amounts: GammaGamma, member: Seen, age: number): Judgement {
  const { frequency, recencyWeeks, spentMinor } = member
  const meanAmountMinor = expectedAmount(amounts, frequency + 1, spentMinor / (frequency + 1))
  const alive = probabilityAlive(model, frequency, recencyWeeks, age)
  // While coming back: the posterior rate, for as long as a member with so many orders may be expected to stay.
  const rate = (model.r + frequency) / (model.alpha + recencyWeeks + PERIOD_WEEKS)
  const orders = Math.min(rate * YEAR_WEEKS, (model.a + model.b + frequency) / model.a)
  return {
    alive,
    buysAnyway: probabilityBuys(model, frequency, recencyWeeks, age, PERIOD_WEEKS),
    meanAmountMinor,
    valueMinor: MARGIN_SHARE * meanAmountMinor * (1 + (1 - alive) * orders),
    botherMinor: BOTHERED_SHARE * alive * MARGIN_SHARE * meanAmountMinor * orders,
  }
}
