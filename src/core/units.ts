declare const brand: unique symbol

/** A whole number of loyalty points. */
export type Points = number & { readonly [brand]: 'points' }

/** Takes a number as points. Throws on a fraction, NaN or an unsafe integer: such a value is a bug upstream. */
export function points(value: number): Points {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number of points`)
  return value as Points
}

/** Rounds down to whole points, in the merchant's favour; programmes state this in their terms. */
export function floorToPoints(value: number): Points {
  return points(Math.floor(value))
}
