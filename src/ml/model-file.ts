import { createHash } from 'node:crypto'

/** What a model is made of: numbers in typed arrays, and the little that is not (labels, options) as JSON. */
export interface ModelParts {
  readonly meta: unknown
  readonly arrays: Readonly<Record<string, ModelArray>>
}

export type ModelArray = Int8Array | Uint8Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array

/** The bytes are no model of the wanted kind and version, or were changed since they were saved. */
export class ModelFileError extends Error {}

const MAGIC = 0x4c4d4752 // "RGML"
const CONTAINER_VERSION = 1
const PREFIX_BYTES = 12
const CHECKSUM_BYTES = 32
const ALIGNMENT = 8

const arrayTypes = {
  Int8Array,
  Uint8Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
} as const
type ArrayType = keyof typeof arrayTypes

interface Header {
  kind: string
  version: number
  meta: unknown
  arrays: { name: string; type: ArrayType; length: number }[]
}

/**
 * Packs a model: 4 bytes magic, 4 bytes container version, 4 bytes header length, the header as JSON, the arrays each at
 * a multiple of 8, and the SHA-256 of all that. Little-endian, as is every machine that Node runs on.
 */
export function packModel({ kind, version, meta, arrays }: ModelParts & { kind: string; version: number }): Uint8Array {
  const header: Header = { kind, version, meta, arrays: [] }
  for (const [name, array] of Object.entries(arrays)) {
    header.arrays.push({ name, type: array.constructor.name as ArrayType, length: array.length })
  }
  const headerBytes = Buffer.from(JSON.stringify(header))
  let size = aligned(PREFIX_BYTES + headerBytes.length)
  for (const array of Object.values(arrays)) size += aligned(array.byteLength)
  const file = Buffer.alloc(size + CHECKSUM_BYTES)
  file.writeUInt32LE(MAGIC, 0)
  file.writeUInt32LE(CONTAINER_VERSION, 4)
  file.writeUInt32LE(headerBytes.length, 8)
  headerBytes.copy(file, PREFIX_BYTES)
  let offset = aligned(PREFIX_BYTES + headerBytes.length)
  for (const array of Object.values(arrays)) {
    file.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset)
    offset += aligned(array.byteLength)
  }
  checksumOf(file).copy(file, size)
  return file
}

/** Unpacks what `packModel` made. Throws `ModelFileError` when the bytes are damaged or of another kind or version. */
export function unpackModel(bytes: Uint8Array, wanted: { kind: string; version: number }): ModelParts {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (file.length < PREFIX_BYTES + CHECKSUM_BYTES || file.readUInt32LE(0) !== MAGIC) {
    throw new ModelFileError(`${file.length} bytes that are not a model file`)
  }
  if (file.readUInt32LE(4) !== CONTAINER_VERSION) {
    throw new ModelFileError(`model container version ${file.readUInt32LE(4)}; this program reads ${CONTAINER_VERSION}`)
  }
  if (!checksumOf(file).equals(file.subarray(file.length - CHECKSUM_BYTES))) {
    throw new ModelFileError('the checksum of the model file does not match: it was damaged or cut')
  }
  const headerEnd = PREFIX_BYTES + file.readUInt32LE(8)
  const header = JSON.parse(file.toString('utf8', PREFIX_BYTES, headerEnd)) as Header
  if (header.kind !== wanted.kind || header.version !== wanted.version) {
    throw new ModelFileError(
      `a model of kind ${header.kind}, version ${header.version}; wanted ${wanted.kind}, version ${wanted.version}`,
    )
  }
  return { meta: header.meta, arrays: readArrays(file, header, aligned(headerEnd)) }
}

function readArrays(file: Buffer, header: Header, start: number): Record<string, ModelArray> {
  const arrays: Record<string, ModelArray> = {}
  let offset = start
  for (const { name, type, length } of header.arrays) {
    const Type = arrayTypes[type]
    const byteLength = length * Type.BYTES_PER_ELEMENT
    // A copy, because a view needs an aligned offset, which a pooled buffer does not promise.
    const copy = new Uint8Array(byteLength)
    copy.set(file.subarray(offset, offset + byteLength))
    arrays[name] = new Type(copy.buffer)
    offset += aligned(byteLength)
  }
  return arrays
}

function checksumOf(file: Buffer): Buffer {
  return createHash('sha256')
    .update(file.subarray(0, file.length - CHECKSUM_BYTES))
    .digest()
}

function aligned(size: number): number {
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT
}
