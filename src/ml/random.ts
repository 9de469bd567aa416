/**
 * Seeded random numbers: the same seed gives the same numbers on every machine, today and after the next upgrade.
 * Not for secrets.
 */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  next(): number
  /** A stream of its own, told apart by `label`. Drawing from it leaves this one as it was, and the other way round. */
  fork(label: string | number): Random
}

/** A generator seeded by a number or a text (sfc32 by Chris Doty-Humphrey, PractRand; period at least 2^64). */
export function createRandom(seed: number | string): Random {
  const seedText = String(seed)
  const mix = hasher(seedText)
  let [a, b, c, counter] = [mix(), mix(), mix(), 1]
  const next32 = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  // The first numbers after seeding still resemble the seed.
  for (let i = 0; i < 15; i++) next32()
  return {
    next: () => ((next32() >>> 5) * 2 ** 26 + (next32() >>> 6)) / 2 ** 53,
    fork: (label) => createRandom(`${seedText}/${label}`),
  }
}

/** Turns a text into as many 32-bit words as are asked for (xmur3 by bryc, over MurmurHash3's finaliser). */
function hasher(text: string): () => number {
  let hash = 1779033703 ^ text.length
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 3432918353)
    hash = (hash << 13) | (hash >>> 19)
  }
  return () => {
    hash = Math.imul(hash ^ (hash >>> 16), 2246822507)
    hash = Math.imul(hash ^ (hash >>> 13), 3266489909)
    hash ^= hash >>> 16
    return hash | 0
  }
}

/** Uniform in [from, to). */
export function uniform(random: Random, from: number, to: number): number {
  return from + (to - from) * random.next()
}

/** A whole number, uniform from `from` to `to`, both included. */
export function integer(random: Random, from: number, to: number): number {
  return from + Math.floor(random.next() * (to - from + 1))
}

/** True with this probability. */
export function chance(random: Random, probability: number): boolean {
  return random.next() < probability
}

/** Normal (Box and Muller 1958; the second number of each pair is thrown away, so that draws do not depend on each other). */
export function normal(random: Random, mean = 0, deviation = 1): number {
  // 1 − u is in (0, 1], where the logarithm is finite.
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
  return mean + deviation * radius * Math.cos(2 * Math.PI * random.next())
}

/** Exponential with this rate (mean 1 / rate): the wait for the next event of a Poisson process. */
export function exponential(random: Random, rate: number): number {
  return -Math.log(1 - random.next()) / rate
}

/** Gamma with mean shape / rate (Marsaglia and Tsang 2000, their section 6 for shapes below 1). */
export function gamma(random: Random, shape: number, rate: number): number {
  if (shape < 1) return gamma(random, shape + 1, rate) * (1 - random.next()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(random)
    const v = (1 + c * x) ** 3
    if (v <= 0) continue
    if (Math.log(1 - random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return (d * v) / rate
  }
}

/** Beta with mean a / (a + b). */
export function beta(random: Random, a: number, b: number): number {
  const x = gamma(random, a, 1)
  return x / (x + gamma(random, b, 1))
}

/** Poisson with this mean (Knuth's product, on means small enough for it not to underflow). */
export function poisson(random: Random, mean: number): number {
  if (mean > 30) return poisson(random, mean / 2) + poisson(random, mean - mean / 2)
  const floor = Math.exp(-mean)
  let count = 0
  for (let product = random.next(); product > floor; product *= random.next()) count += 1
  return count
}

/** One of the items, each alike. Throws on an empty list. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[integer(random, 0, items.length - 1)]
  if (items.length === 0) throw new RangeError('cannot pick from an empty list')
  return item as Item
}

/** A copy in random order (Fisher and Yates). */
export function shuffle<Item>(random: Random, items: readonly Item[]): Item[] {
  const shuffled = [...items]
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = integer(random, 0, i)
    const item = shuffled[i] as Item
    shuffled[i] = shuffled[j] as Item
    shuffled[j] = item
  }
  return shuffled
}

/** Draws indices 0 … n − 1 with probabilities in proportion to `weights` (binary search over their running sum). */
export function weightedIndex(weights: ArrayLike<number>): (random: Random) => number {
  const running = new Float64Array(weights.length)
  let total = 0
  for (let i = 0; i < weights.length; i++) {
    total += weights[i] as number
    running[i] = total
  }
  if (!(total > 0)) throw new RangeError(`weights must sum to more than 0; theirs is ${total}`)
  return (random) => {
    const target = random.next() * total
    let low = 0
    let high = running.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((running[middle] as number) > target) high = middle
      else low = middle + 1
    }
    return low
  }
}

/**
 * Weights of ranks 1 … n by Zipf's law as Mandelbrot bent it: the k-th most popular has 1 / (k + shift)^exponent. A shift
 * flattens the head; 0 is Zipf's own.
 */
export function zipfWeights(n: number, { exponent, shift = 0 }: { exponent: number; shift?: number }): Float64Array {
  return Float64Array.from({ length: n }, (_, index) => (index + 1 + shift) ** -exponent)
}
