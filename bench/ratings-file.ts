import { readFileSync } from 'node:fs'
import { InvalidArgumentError } from 'commander'
import { parse } from 'csv-parse/sync'
import type { Ratings } from '../src/ml/ratings'

/**
 * Reads user, item, rating and, where there is one, time, with tabs or commas between; a first line of words is a header.
 * Users and items may be any text, and are numbered in the order of their first appearance.
 */
export function readRatings(file: string): Ratings {
  const text = readText(file)
  const firstLine = text.slice(0, text.indexOf('\n') + 1 || undefined)
  const records: string[][] = parse(text, {
    bom: true,
    delimiter: firstLine.includes('\t') ? '\t' : ',',
    trim: true,
    relaxColumnCount: true,
    skipEmptyLines: true,
  })
  if (records.length > 0 && !Number.isFinite(Number(records[0]?.[2]))) records.shift()
  if (records.length === 0) throw new InvalidArgumentError(`${file} holds no ratings`)
  const userNumbers = new Map<string, number>()
  const itemNumbers = new Map<string, number>()
  const user = new Uint32Array(records.length)
  const item = new Uint32Array(records.length)
  const value = new Float64Array(records.length)
  records.forEach((record, row) => {
    const [userName, itemName, rating] = record
    const number = Number(rating)
    if (!userName || !itemName || rating === undefined || rating === '' || !Number.isFinite(number)) {
      throw new InvalidArgumentError(`row ${row + 1} of ${file} is not user, item, rating: ${record.join(', ')}`)
    }
    user[row] = numberOf(userNumbers, userName)
    item[row] = numberOf(itemNumbers, itemName)
    value[row] = number
  })
  return { users: userNumbers.size, items: itemNumbers.size, user, item, value }
}

function numberOf(numbers: Map<string, number>, name: string): number {
  const known = numbers.get(name)
  if (known !== undefined) return known
  numbers.set(name, numbers.size)
  return numbers.size - 1
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new InvalidArgumentError(`${file} cannot be read: ${(error as Error).message}`)
  }
}
