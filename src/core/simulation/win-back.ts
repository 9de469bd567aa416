import { type ArmRecord, dealingShares } from '../../ml/bandit'
import { estimateLift, type LiftResult } from '../../ml/experiment-lift'
import { type ArmSums, noMembers, withMember } from '../../ml/experiment-sums'
import { armOf, bucketOf } from '../experiments/assign'
import { believe, type EffectBelief, expectedGainMinor, STATED_PRIOR } from '../retention/decide'
import type { Judgement } from './judgement'
import { MESSAGE_COST_MINOR, type Outcome, type SimulatedOffer, simulatedOffers } from './shop'

/** Members alike in how likely they are still coming; the effect is learnt for each band. */
const BANDS_UNTIL = [0.2, 0.5, 0.8, 1]
const CONTROL_SHARE = 0.2

/** One campaign's estimate of what its messages changed, held against the truth that only a simulation knows. */
export interface Measured {
  readonly result: LiftResult
  /** The mean of (outcome with message − outcome without) over everybody in the campaign. */
  readonly truth: number
}

/** Decides by expected gain, deals offers by the bandit with a control, and learns from each campaign what offers change. */
export class WinBack {
  private readonly records: ArmRecord[] = simulatedOffers.map(() => ({ members: 0, successes: 0 }))
  /** Orders (1 or 0) of those with and without a message, a band. */
  private readonly orders = BANDS_UNTIL.map(() => ({ treated: noMembers, control: noMembers }))
  private beliefs: EffectBelief[] = BANDS_UNTIL.map(() => STATED_PRIOR)
  private shares = dealingShares(this.records, { controlShare: CONTROL_SHARE })
  private treated: ArmSums = noMembers
  private control: ArmSums = noMembers
  private truth = 0

  constructor(private readonly seed: number) {}

  /** Whether a member is worth a message, and what chance then deals: the offer meant, and whether it is withheld. */
  enrol(
    member: number,
    period: number,
    judgement: Judgement,
  ): { offer: SimulatedOffer; isControl: boolean } | undefined {
    const effect = this.beliefs[bandOf(judgement)]
    if (!effect) return undefined
    const gain = Math.max(
      ...simulatedOffers.map(({ costShare }) =>
        expectedGainMinor(
          {
            ...judgement,
            offerCostMinor: judgement.meanAmountMinor * costShare,
            messageCostMinor: MESSAGE_COST_MINOR + judgement.botherMinor,
          },
          effect,
        ),
      ),
    )
    if (gain <= 0) return undefined
    const shares = this.shares
    const control = shares[0] ?? 1
    const isControl = bucketOf(`${this.seed}/${period}`, String(member)) < control
    const meant = armOf(
      bucketOf(`${this.seed}/${period}/offer`, String(member)),
      shares.subarray(1).map((share) => share / (1 - control)),
    )
    const offer = simulatedOffers[meant]
    return offer && { offer, isControl }
  }

  /** Takes in what came of one who was enrolled, and what would have come of the other arm. */
  record(
    {
      judgement,
      offer,
      isControl,
      spentBeforeMinor,
    }: { judgement: Judgement; offer: SimulatedOffer; isControl: boolean; spentBeforeMinor: number },
    { came, withMessage, without }: { came: Outcome; withMessage: Outcome; without: Outcome },
  ): void {
    const ordered = came.orders > 0 ? 1 : 0
    const band = this.orders[bandOf(judgement)]
    const arm = isControl ? 'control' : 'treated'
    this[arm] = withMember(this[arm], came.spentMinor, spentBeforeMinor)
    this.truth += withMessage.spentMinor - without.spentMinor
    if (band) band[arm] = withMember(band[arm], ordered)
    if (isControl) return
    const at = simulatedOffers.indexOf(offer)
    const record = this.records[at]
    if (record) this.records[at] = { members: record.members + 1, successes: record.successes + ordered }
  }

  /** Ends the campaign of a period: its estimate, and new beliefs and shares for the next. */
  measure(): Measured {
    const result = estimateLift(this.treated, this.control)
    const truth = this.truth / Math.max(1, this.treated.members + this.control.members)
    this.beliefs = this.orders.map(({ treated, control }) => {
      const learnt = estimateLift(treated, control)
      return learnt.ok ? believe(STATED_PRIOR, learnt.lift) : STATED_PRIOR
    })
    this.shares = dealingShares(this.records, { controlShare: CONTROL_SHARE })
    this.treated = noMembers
    this.control = noMembers
    this.truth = 0
    return { result, truth }
  }

  /** What is believed of each band by now. */
  believed(): readonly EffectBelief[] {
    return this.beliefs
  }
}

function bandOf({ alive }: Judgement): number {
  return BANDS_UNTIL.findIndex((until) => alive <= until)
}
