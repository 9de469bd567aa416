import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { InvalidArgumentError } from 'commander'
import { type Options, parse } from 'csv-parse'

/**
 * The records of a CSV file, plain or .gz, one after another. Throws an InvalidArgumentError where the file cannot be read, or a line
 * has more or fewer fields than the one before.
 */
export async function* csvRecords<Fields extends readonly string[] | Readonly<Record<string, string>>>(
  file: string,
  options: Options = {},
): AsyncGenerator<Fields> {
  const parser = parse({ bom: true, trim: true, skip_empty_lines: true, ...options })
  // What goes wrong before the parser destroys it, and is thrown where its records are read.
  const leave = () => undefined
  if (file.endsWith('.gz')) pipeline(createReadStream(file), createGunzip(), parser, leave)
  else pipeline(createReadStream(file), parser, leave)
  try {
    for await (const record of parser) yield record as Fields
  } catch (error) {
    throw new InvalidArgumentError(`${file} cannot be read: ${(error as Error).message}`)
  }
}
