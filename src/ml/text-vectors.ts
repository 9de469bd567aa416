/** A sparse vector: the features present and their weights. */
export interface SparseVector {
  readonly index: Int32Array
  readonly value: Float32Array
}

/** Turns texts into sparse vectors of unit length over the features met in training. */
export interface TextVectors {
  readonly size: number
  vector(text: string): SparseVector
}

/**
 * Learns the features of a language from texts: words and word pairs, and characters in runs of 2 to 5 within words;
 * for Chinese, which writes no spaces, characters in runs of 1 to 3. Weights are sublinear tf times idf, and each of the
 * two blocks has unit length (Manning, Raghavan and Schütze 2008, section 6.4).
 */
export function fitTextVectors(texts: readonly string[], script: 'spaced' | 'unspaced'): TextVectors {
  const extract = script === 'spaced' ? spacedFeatures : unspacedFeatures
  const places = new Map<string, number>()
  const documents: number[] = []
  for (const text of texts) {
    for (const feature of new Set(extract(text).flat())) {
      const place = places.get(feature)
      if (place === undefined) {
        places.set(feature, documents.length)
        documents.push(1)
      } else {
        documents[place] = documents[place]! + 1
      }
    }
  }
  const idf = Float32Array.from(documents, (count) => Math.log((1 + texts.length) / (1 + count)) + 1)
  return { size: documents.length, vector: (text) => weigh(extract(text), places, idf) }
}

function weigh(blocks: string[][], places: Map<string, number>, idf: Float32Array): SparseVector {
  const index: number[] = []
  const value: number[] = []
  for (const block of blocks) {
    const counts = new Map<number, number>()
    for (const feature of block) {
      const place = places.get(feature)
      if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1)
    }
    let squares = 0
    const from = value.length
    for (const [place, count] of counts) {
      const weight = (1 + Math.log(count)) * idf[place]!
      squares += weight * weight
      index.push(place)
      value.push(weight)
    }
    const scale = squares > 0 ? 1 / Math.sqrt(blocks.length * squares) : 0
    for (let i = from; i < value.length; i++) value[i] = value[i]! * scale
  }
  return { index: Int32Array.from(index), value: Float32Array.from(value) }
}

function spacedFeatures(text: string): string[][] {
  const words =
    text
      .toLowerCase()
      .normalize('NFKC')
      .match(/[\p{L}\p{N}]+(?:['’][\p{L}]+)?|\?/gu) ?? []
  const grams = words.map((word) => `w:${word}`)
  const marked = ['^', ...words, '$']
  for (let i = 0; i + 1 < marked.length; i++) grams.push(`w:${marked[i]} ${marked[i + 1]}`)
  const characters: string[] = []
  for (const word of words) runs(` ${word} `, 2, 5, characters)
  return [grams, characters]
}

function unspacedFeatures(text: string): string[][] {
  const plain = text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}?]+/gu, '')
  const single: string[] = []
  runs(plain, 1, 1, single)
  const longer: string[] = []
  runs(`^${plain}$`, 2, 3, longer)
  return [single, longer]
}

function runs(text: string, lengthMin: number, lengthMax: number, into: string[]): void {
  const letters = Array.from(text)
  for (let length = lengthMin; length <= lengthMax; length++) {
    for (let i = 0; i + length <= letters.length; i++) into.push(`c:${letters.slice(i, i + length).join('')}`)
  }
}
