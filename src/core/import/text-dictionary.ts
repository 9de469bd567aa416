/** Longer texts get no number: they hardly repeat. */
const TEXT_BYTES_MAX = 64
/** Whatever comes after so many different texts gets no number either, so that memory stays bounded. */
const TEXTS_MAX = 32_768
/** A text that finds no place within so many tries gets no number. */
const TRIES_MAX = 16
/** Places are twice as many as texts at least; a power of two. */
const PLACES_AT_FIRST = 256
/** An odd number with bits all over, which spreads hashes over the places. */
const SPREAD = 0x9e3779b1

/**
 * Numbers the different texts of a column, by their bytes. Small and in few pieces, so that it stays in the processor's cache:
 * files say the same some thousand things again and again.
 */
export class TextDictionary {
  /** The number of the text at each place, plus one. */
  private places = new Int32Array(PLACES_AT_FIRST)
  private shift = 32 - Math.log2(PLACES_AT_FIRST)
  private bytes = new Uint8Array(16 * PLACES_AT_FIRST)
  /** Where each text begins among the bytes, and where it would go on. */
  private starts = new Int32Array(PLACES_AT_FIRST / 2 + 1)
  private hashes = new Int32Array(PLACES_AT_FIRST / 2)
  private count = 0

  /** How many texts have a number; the last one's is one less. */
  get size(): number {
    return this.count
  }

  /** The number of the text from `from` to `to`, of which the hash is given; -1 where it has none. */
  numberOf(text: Uint8Array, from: number, to: number, hash: number): number {
    const length = to - from
    if (length >= TEXT_BYTES_MAX) return -1
    const { places, starts, hashes, bytes } = this
    const mask = places.length - 1
    const first = Math.imul(hash, SPREAD) >>> this.shift
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const place = (first + tries) & mask
      const number = (places[place] as number) - 1
      if (number < 0) return this.add(text, from, to, hash)
      if (hashes[number] !== hash) continue
      const start = starts[number] as number
      if ((starts[number + 1] as number) - start !== length) continue
      let i = 0
      while (i < length && bytes[start + i] === text[from + i]) i++
      if (i === length) return number
    }
    return -1
  }

  private add(text: Uint8Array, from: number, to: number, hash: number): number {
    if (this.count === TEXTS_MAX) return -1
    if (2 * (this.count + 1) > this.places.length) this.grow()
    const number = this.count++
    const start = this.starts[number] as number
    const end = start + to - from
    if (end > this.bytes.length) this.bytes = copyInto(new Uint8Array(2 * this.bytes.length), this.bytes)
    for (let at = start, i = from; i < to; at++, i++) this.bytes[at] = text[i] as number
    this.starts[number + 1] = end
    this.hashes[number] = hash
    this.settle(number)
    return number
  }

  private grow(): void {
    const size = 2 * this.places.length
    this.shift -= 1
    this.places = new Int32Array(size)
    this.starts = copyInto(new Int32Array(size / 2 + 1), this.starts)
    this.hashes = copyInto(new Int32Array(size / 2), this.hashes)
    for (let number = 0; number < this.count; number++) this.settle(number)
  }

  /** Gives a number its place. */
  private settle(number: number): void {
    const mask = this.places.length - 1
    let place = Math.imul(this.hashes[number] as number, SPREAD) >>> this.shift
    while (this.places[place] !== 0) place = (place + 1) & mask
    this.places[place] = number + 1
  }
}

function copyInto<Numbers extends Int32Array | Uint8Array>(target: Numbers, source: Numbers): Numbers {
  target.set(source)
  return target
}
