/** What differs on nearly every line is no name or price; counting stops here. */
const VARIANTS_MAX = 100
const PLACES_AT_FIRST = 1 << 12
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

  /** Whether no other value of the article will be counted. */
  isFull(article: number): boolean {
    return (this.variants[article] ?? 0) >= VARIANTS_MAX
  }

  add(article: number, value: number): void {
    const { places, pairs } = this
    const place = this.placeOf(article, value)
    const number = (places[place] as number) - 1
    if (number >= 0) {
      const times = number * NUMBERS_PER_PAIR + 2
      pairs[times] = (pairs[times] as number) + 1
    } else if (!this.isFull(article)) this.start(article, value, place)
  }

  /** The value that each of so many articles was seen with most often, the first of equals; undefined where it has none. */
  mostFrequent(articles: number): (number | undefined)[] {
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

  private start(article: number, value: number, place: number): void {
    this.variants[article] = (this.variants[article] ?? 0) + 1
    const at = this.count * NUMBERS_PER_PAIR
    this.pairs[at] = article
    this.pairs[at + 1] = value
    this.pairs[at + 2] = 1
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
