import { z } from 'zod'
import { floorToPoints, type Points, points } from '../units'

/*
 * How a point is earned. Each rule is a value; a merchant's settings name the rules in use and their arguments, and an
 * order earns the sum over them. Live orders, imports and the demo shop all come here. To add a rule, see
 * docs/recipes/add-an-earn-rule.md.
 */

/** What a rule may look at. */
export interface EarnableOrder {
  /** What was paid for the order, net of what was sent back, in minor units. */
  readonly totalMinor: number
}

/** Checks its own arguments, so that a list of rules need not know each one's shape. */
export interface EarnRule {
  readonly code: string
  /** The shape of its arguments; unknown or missing ones are refused where settings are read. */
  readonly args: z.ZodType
  /** What the order earns by this rule, never below 0. */
  points(order: EarnableOrder, args: unknown): Points
}

/** Ties the arguments' shape to the formula that uses them. */
function earnRule<Args>(rule: {
  code: string
  args: z.ZodType<Args>
  points(order: EarnableOrder, args: Args): Points
}): EarnRule {
  return { ...rule, points: (order, args) => rule.points(order, rule.args.parse(args)) }
}

const positive = z.int().min(1)

/** `points` for each whole `perMinor` of the total: 1 for each 100 is a point for each whole pound. */
const perAmountSpent = earnRule({
  code: 'per-amount-spent',
  args: z.strictObject({ points: positive, perMinor: positive }),
  points: (order, args) => points(args.points * floorToPoints(order.totalMinor / args.perMinor)),
})

/** `points` once for an order of at least `fromMinor`. */
const bonusFromAmount = earnRule({
  code: 'bonus-from-amount',
  args: z.strictObject({ points: positive, fromMinor: positive }),
  points: (order, args) => points(order.totalMinor >= args.fromMinor ? args.points : 0),
})

/** Every rule there is. A new one is one entry here. */
export const earnRules: readonly EarnRule[] = [perAmountSpent, bonusFromAmount]

/** A rule in use, as it stands in the merchant's settings. */
export interface EarnRuleUse {
  readonly code: string
  readonly args: Readonly<Record<string, unknown>>
}

export const defaultEarnRules: EarnRuleUse[] = [{ code: 'per-amount-spent', args: { points: 1, perMinor: 100 } }]

/** Parses a rule in use: its code must be known and its arguments of the rule's shape. */
export const earnRuleUse: z.ZodType<EarnRuleUse> = z
  .object({ code: z.string(), args: z.record(z.string(), z.unknown()) })
  .superRefine((use, context) => {
    const rule = earnRules.find(({ code }) => code === use.code)
    if (!rule) {
      const known = earnRules.map(({ code }) => code).join(', ')
      context.addIssue({ code: 'custom', path: ['code'], message: `no earn rule "${use.code}"; there are: ${known}` })
      return
    }
    const { error } = rule.args.safeParse(use.args)
    for (const issue of error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: ['args', ...issue.path], message: issue.message })
    }
  })

/** What an order earns by the rules in use. A total of 0 or less earns nothing. */
export function pointsEarned(rules: readonly EarnRuleUse[], order: EarnableOrder): Points {
  if (order.totalMinor <= 0) return points(0)
  return points(rules.reduce((sum, use) => sum + ruleOf(use.code).points(order, use.args), 0))
}

/**
 * What a refund takes back of an order's points: what the order earned as it stood before, less what it would earn as
 * it stands after. Several refunds of one order so never take back more than it earned, and all of it in the end.
 */
export function pointsTakenBack(
  rules: readonly EarnRuleUse[],
  {
    order,
    refundedBeforeMinor,
    refundMinor,
  }: { order: EarnableOrder; refundedBeforeMinor: number; refundMinor: number },
): Points {
  const before = { ...order, totalMinor: order.totalMinor - refundedBeforeMinor }
  const after = { ...order, totalMinor: before.totalMinor - refundMinor }
  return points(Math.max(0, pointsEarned(rules, before) - pointsEarned(rules, after)))
}

function ruleOf(code: string): EarnRule {
  const rule = earnRules.find((candidate) => candidate.code === code)
  if (!rule) throw new Error(`no earn rule "${code}"; settings are checked when they are read`)
  return rule
}
