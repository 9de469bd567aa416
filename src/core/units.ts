declare const brand: unique symbol

/** A whole number of loyalty points. */
export type Points = number & { readonly [brand]: 'points' }

/** A whole number of a currency's minor units (pence, cents, fen). */
export type MinorUnits = number & { readonly [brand]: 'minor' }

/** Takes a number as points. Throws on a fraction, NaN or an unsafe integer: such a value is a bug upstream. */
export function points(value: number): Points {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number of points`)
  return value as Points
}

/** Takes a number as minor units. Throws on a fraction, NaN or an unsafe integer. */
export function minorUnits(value: number): MinorUnits {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number of minor units`)
  return value as MinorUnits
}

/** Rounds down to whole points, in the merchant's favour; programmes state this in their terms. */
export function floorToPoints(value: number): Points {
  return points(Math.floor(value))
}
