import type { BasketHistory } from '../../ml/next-basket-history'

/** Of a member who bought on more days than this, the last ones count. */
const BASKETS_MAX = 100

interface Basket {
  readonly memberId: string
  readonly source: string
  readonly day: number
  readonly skus: readonly string[]
}

/** Packs baskets that come ordered by member and day into typed arrays, numbering items as they come. */
export class BasketBuilder {
  private readonly memberIds: string[] = []
  private readonly sources: string[] = []
  private readonly items: { sku: string; source: string }[] = []
  private readonly numbers = new Map<string, Map<string, number>>()
  private readonly userStart: number[] = [0]
  private readonly basketStart = new Grown(Uint32Array)
  private readonly item = new Grown(Uint32Array)
  private readonly day = new Grown(Float64Array)

  constructor() {
    this.basketStart.push(0)
  }

  add({ memberId, source, day, skus }: Basket): void {
    if (this.memberIds.at(-1) !== memberId) {
      this.endMember()
      this.memberIds.push(memberId)
      this.sources.push(source)
    }
    for (const sku of new Set(skus)) this.item.push(this.numberOf(source, sku))
    this.basketStart.push(this.item.length)
    this.day.push(day)
  }

  finish() {
    this.endMember()
    const history: BasketHistory = {
      users: this.memberIds.length,
      items: this.items.length,
      userStart: Uint32Array.from(this.userStart),
      basketStart: this.basketStart.values(),
      item: this.item.values(),
      day: this.day.values(),
    }
    return { history, memberIds: this.memberIds, sources: this.sources, items: this.items }
  }

  private endMember(): void {
    if (this.memberIds.length === 0) return
    const from = this.userStart.at(-1) ?? 0
    const surplus = this.day.length - from - BASKETS_MAX
    if (surplus > 0) this.dropFrom(from, surplus)
    if (this.userStart.length <= this.memberIds.length) this.userStart.push(this.day.length)
  }

  /** Takes the first `count` baskets from basket `from` on out. */
  private dropFrom(from: number, count: number): void {
    const begin = this.basketStart.at(from)
    const itemsDropped = this.basketStart.at(from + count) - begin
    this.item.cut(begin, itemsDropped)
    this.day.cut(from, count)
    this.basketStart.cut(from, count)
    for (let basket = from; basket < this.basketStart.length; basket++) {
      this.basketStart.set(basket, this.basketStart.at(basket) - itemsDropped)
    }
  }

  private numberOf(source: string, sku: string): number {
    let bySku = this.numbers.get(source)
    if (!bySku) {
      bySku = new Map()
      this.numbers.set(source, bySku)
    }
    let number = bySku.get(sku)
    if (number === undefined) {
      number = this.items.push({ sku, source }) - 1
      bySku.set(sku, number)
    }
    return number
  }
}

type Numbers = Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>

/** A typed array that grows as it is filled. */
class Grown<T extends Numbers> {
  length = 0
  private array: T

  constructor(private readonly Type: new (size: number) => T) {
    this.array = new Type(1024)
  }

  push(value: number): void {
    if (this.length === this.array.length) {
      const larger = new this.Type(2 * this.length)
      larger.set(this.array)
      this.array = larger
    }
    this.array[this.length++] = value
  }

  at(place: number): number {
    return this.array[place] ?? 0
  }

  set(place: number, value: number): void {
    this.array[place] = value
  }

  cut(from: number, count: number): void {
    this.array.copyWithin(from, from + count, this.length)
    this.length -= count
  }

  values(): T {
    return this.array.slice(0, this.length) as T
  }
}
