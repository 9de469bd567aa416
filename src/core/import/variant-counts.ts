/** What differs on nearly every line is no name or price; counting stops here. */
const VARIANTS_MAX = 100
const PLACES_AT_FIRST = 1 << 12
const ARTICLES_AT_FIRST = 1 << 12
/** Of each pair: the article, the value, how often both were seen together. */
const NUMBERS_PER_PAIR = 3

/**
 * How often each article was seen with each of some values, both whole numbers. A table of plain numbers, since it is asked on every line
 * and the articles come in any order.
 */
export class VariantCounts {
  /** The number of the pair at each place, plus one. */
  private places = new Int32Array(PLACES_AT_FIRST)
  private pairs = new Int32Array((PLACES_AT_FIRST / 2) * NUMBERS_PER_PAIR)
  private count = 0
  /** How many values each article has. */
  private readonly variants: number[] = []
  /** Of each article the value it was last seen with, and how often in a row, which is not among the pairs yet. Most say the same again. */
  private last = new Int32Array(ARTICLES_AT_FIRST)
  private inARow = new Int32Array(ARTICLES_AT_FIRST)

  /** Whether no other value of the article will be counted. */
  isFull(article: number): boolean {
    this.settle(article)
    return (this.variants[article] ?? 0) >= VARIANTS_MAX
  }

  add(article: number, value: number): void {
    if (article >= this.last.length) this.makeRoom(article)
    if (this.last[article] !== value) {
      this.settle(article)
      this.last[article] = value
    }
    this.inARow[article] = (this.inARow[article] as number) + 1
  }

  /** Counts what the article was seen with in a row. */
  private settle(article: number): void {
    const times = this.inARow[article] ?? 0
    if (times === 0) return
    this.inARow[article] = 0
    const value = this.last[article] as number
    const place = this.placeOf(article, value)
    const number = (this.places[place] as number) - 1
    if (number >= 0) {
      const at = number * NUMBERS_PER_PAIR + 2
      this.pairs[at] = (this.pairs[at] as number) + times
    } else if ((this.variants[article] ?? 0) < VARIANTS_MAX) this.start(article, value, { place, times })
  }

  private makeRoom(article: number): void {
    const enlarged = (numbers: Int32Array) => {
      const grown = new Int32Array(2 * Math.max(article, numbers.length))
      grown.set(numbers)
      return grown
    }
    this.last = enlarged(this.last)
    this.inARow = enlarged(this.inARow)
  }

  /** The value that each of so many articles was seen with most often, the first of equals; undefined where it has none. */
  mostFrequent(articles: number): (number | undefined)[] {
    for (let article = 0; article < articles; article++) this.settle(article)
    const values: (number | undefined)[] = Array.from({ length: articles }, () => undefined)
    const most = new Int32Array(articles)
    for (let at = 0; at < this.count * NUMBERS_PER_PAIR; at += NUMBERS_PER_PAIR) {
      const [article = 0, value, times = 0] = this.pairs.subarray(at, at + NUMBERS_PER_PAIR)
      if (times <= (most[article] as number)) continue
      most[article] = times
      values[article] = value
    }
    return values
  }

  /** Where the pair is, or has its place. */
  private placeOf(article: number, value: number): number {
    const { places, pairs } = this
    const mask = places.length - 1
    const mixed = Math.imul(Math.imul(article, 0x9e3779b1) ^ value, 0x85ebca6b)
    let place = (mixed ^ (mixed >>> 15)) & mask
    for (;;) {
      const number = (places[place] as number) - 1
      if (number < 0) return place
      const at = number * NUMBERS_PER_PAIR
      if (pairs[at] === article && pairs[at + 1] === value) return place
      place = (place + 1) & mask
    }
  }

  private start(article: number, value: number, { place, times }: { place: number; times: number }): void {
    this.variants[article] = (this.variants[article] ?? 0) + 1
    const at = this.count * NUMBERS_PER_PAIR
    this.pairs[at] = article
    this.pairs[at + 1] = value
    this.pairs[at + 2] = times
    this.count += 1
    this.places[place] = this.count
    if (2 * this.count >= this.places.length) this.grow()
  }

  private grow(): void {
    const { pairs } = this
    this.places = new Int32Array(2 * this.places.length)
    this.pairs = new Int32Array(2 * pairs.length)
    this.pairs.set(pairs)
    for (let number = 0; number < this.count; number++) {
      const at = number * NUMBERS_PER_PAIR
      this.places[this.placeOf(pairs[at] as number, pairs[at + 1] as number)] = number + 1
    }
  }
}
