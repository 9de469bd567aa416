import type { BinaryRow } from '../../db/copy-out'

/**
 * The place of each member id, looked up by its bytes: ten million orders name their members without a string being made
 * for any of them. Open addressing with linear probing; the hash is FNV-1a.
 */
export class MemberIndex {
  private keys = Buffer.alloc(1 << 16)
  private keysEnd = 0
  private readonly starts: number[] = [0]
  private slots = new Int32Array(1 << 10).fill(-1)

  get size(): number {
    return this.starts.length - 1
  }

  /** Adds the id in this field. Ids are unique, so it is not looked for first. */
  add({ bytes, at, length }: BinaryRow, field: number): void {
    const from = at[field]!
    const size = length[field]!
    if (this.keysEnd + size > this.keys.length) {
      const larger = Buffer.alloc(Math.max(2 * this.keys.length, this.keysEnd + size))
      this.keys.copy(larger, 0, 0, this.keysEnd)
      this.keys = larger
    }
    bytes.copy(this.keys, this.keysEnd, from, from + size)
    this.keysEnd += size
    this.starts.push(this.keysEnd)
    if (2 * this.size > this.slots.length) this.rehash(2 * this.slots.length)
    else this.place(this.size - 1)
  }

  /** The place of the id in this field, in the order of adding; −1 where there is no such member. */
  find({ bytes, at, length }: BinaryRow, field: number): number {
    const size = length[field]!
    if (size < 0) return -1
    const from = at[field]!
    const mask = this.slots.length - 1
    let slot = hashOf(bytes, from, from + size) & mask
    for (let member = this.slots[slot]!; member >= 0; member = this.slots[slot]!) {
      if (this.isKey(member, bytes, from, size)) return member
      slot = (slot + 1) & mask
    }
    return -1
  }

  id(member: number): string {
    return this.keys.toString('utf8', this.starts[member]!, this.starts[member + 1]!)
  }

  private isKey(member: number, bytes: Buffer, from: number, size: number): boolean {
    const start = this.starts[member]!
    if (this.starts[member + 1]! - start !== size) return false
    for (let i = 0; i < size; i++) if (this.keys[start + i] !== bytes[from + i]) return false
    return true
  }

  private place(member: number): void {
    const mask = this.slots.length - 1
    let slot = hashOf(this.keys, this.starts[member]!, this.starts[member + 1]!) & mask
    while (this.slots[slot]! >= 0) slot = (slot + 1) & mask
    this.slots[slot] = member
  }

  private rehash(size: number): void {
    this.slots = new Int32Array(size).fill(-1)
    for (let member = 0; member < this.size; member++) this.place(member)
  }
}

function hashOf(bytes: Buffer, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  // Ids that differ in one digit must not lie side by side: MurmurHash3's finaliser.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
