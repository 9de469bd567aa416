import type { LinearSvm } from './svm'
import type { TfidfVector } from './tfidf'

/**
 * A linear SVM for use: only the weights that matter, feature by feature. A feature's weights are the places
 * start[i] … start[i + 1] − 1 of `classes` and `codes`. Weight = scales[class] · sign(code) · (code / 127)²: the square
 * root keeps the many small weights apart that one byte in equal steps would make zero.
 */
export interface CompactSvm {
  readonly start: Uint32Array
  readonly classes: Uint8Array | Uint16Array
  readonly codes: Int8Array
  readonly scales: Float32Array
  readonly biases: Float32Array
}

const CODE_MAX = 127
/** Twice as many make no difference to accuracy on banking77 or CLINC150, half as many cost a third of a point. */
const WEIGHTS_MAX = 700_000

/** Keeps the largest weights, at most `weightsMax` of them, in one byte each. */
export function compactSvm(svm: LinearSvm, weightsMax = WEIGHTS_MAX): CompactSvm {
  const scales = new Float32Array(svm.classes)
  for (let c = 0; c < svm.classes; c++) scales[c] = largestOf(weightsOfClass(svm, c))
  const all = encode(svm, scales)
  const { codeMin, kept } = codeMinOf(all, weightsMax)
  const start = new Uint32Array(svm.columns + 1)
  const classes = svm.classes <= 256 ? new Uint8Array(kept) : new Uint16Array(kept)
  const codes = new Int8Array(kept)
  let size = 0
  for (let i = 0; i < svm.columns; i++) {
    for (let c = 0; c < svm.classes; c++) {
      const code = all[i * svm.classes + c]!
      if (code < codeMin && code > -codeMin) continue
      classes[size] = c
      codes[size++] = code
    }
    start[i + 1] = size
  }
  return { start, classes, codes, scales, biases: svm.biases }
}

/** Every weight's code, feature by feature. */
function encode({ weights, columns, classes }: LinearSvm, scales: Float32Array): Int8Array {
  const codes = new Int8Array(weights.length)
  for (let c = 0; c < classes; c++) {
    const scale = scales[c]!
    if (scale === 0) continue
    for (let i = 0; i < columns; i++) {
      const weight = weights[c * columns + i]!
      const code = Math.round(CODE_MAX * Math.sqrt(Math.abs(weight) / scale))
      codes[i * classes + c] = weight < 0 ? -code : code
    }
  }
  return codes
}

/** The smallest code, at least 1, that at most `weightsMax` weights reach, and how many do. */
function codeMinOf(codes: Int8Array, weightsMax: number): { codeMin: number; kept: number } {
  const counts = new Uint32Array(CODE_MAX + 1)
  for (const code of codes) counts[Math.abs(code)]! += 1
  let kept = 0
  for (let code = CODE_MAX; code > 0; code--) {
    if (kept + counts[code]! > weightsMax) return { codeMin: code + 1, kept }
    kept += counts[code]!
  }
  return { codeMin: 1, kept }
}

function weightsOfClass({ weights, columns }: LinearSvm, c: number): Float32Array {
  return weights.subarray(c * columns, (c + 1) * columns)
}

function largestOf(weights: Float32Array): number {
  let largest = 0
  for (const weight of weights) largest = Math.max(largest, Math.abs(weight))
  return largest
}

const decoded = Float64Array.from({ length: 256 }, (_, byte) => {
  const code = byte < 128 ? byte : byte - 256
  return Math.sign(code) * (code / CODE_MAX) ** 2
})

/** Each class's margin for a text, written into `margins`. */
export function compactMargins(svm: CompactSvm, vector: TfidfVector, margins: Float64Array): void {
  margins.fill(0)
  for (let i = 0; i < vector.length; i++) {
    const value = vector.values[i]!
    const to = svm.start[vector.columns[i]! + 1]!
    for (let k = svm.start[vector.columns[i]!]!; k < to; k++) {
      margins[svm.classes[k]!]! += value * decoded[svm.codes[k]! & 255]!
    }
  }
  for (let c = 0; c < margins.length; c++) margins[c] = svm.biases[c]! + svm.scales[c]! * margins[c]!
}
