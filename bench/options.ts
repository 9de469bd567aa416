import { InvalidArgumentError } from 'commander'

/** Parses a whole number of at least 1. */
export function positiveWhole(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError(`"${text}" given, allowed: a whole number from 1.`)
  }
  return value
}

/** Folds are numbered in a byte each. */
const FOLDS_MAX = 255

/** Parses a number of folds: with one there is nothing to learn from. */
export function foldsCount(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 2 || value > FOLDS_MAX) {
    throw new InvalidArgumentError(`"${text}" given, allowed: a whole number from 2 to ${FOLDS_MAX}.`)
  }
  return value
}

/** Parses a number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) {
    throw new InvalidArgumentError(`"${text}" given, allowed: a number above 0.`)
  }
  return value
}

/** Parses a share of a whole, neither none of it nor all. */
export function properShare(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError(`"${text}" given, allowed: a number between 0 and 1.`)
  return value
}

/** Makes a parser that takes one of `allowed`. */
export function oneOf<const Value extends string>(...allowed: Value[]): (text: string) => Value {
  return (text) => {
    const found = allowed.find((value) => value === text)
    if (!found) throw new InvalidArgumentError(`"${text}" given, allowed: ${allowed.join(', ')}.`)
    return found
  }
}
