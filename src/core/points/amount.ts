/** The most points that one operation moves. More is a mistake, whoever sent it. */
export const POINTS_MAX = 1_000_000_000_000

/** Whether `value` is a number of points that one operation may move: whole, above 0, at most POINTS_MAX. */
export function isPointsAmount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= POINTS_MAX
}
