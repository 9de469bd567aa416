import { hash } from 'node:crypto'
import { armOf, bucketOf, hashUntil, isHeldOut } from '../../../src/core/experiments/assign'
import { sampleRatioP } from '../../../src/ml/experiment-ratio'

const members = Array.from({ length: 20_000 }, (_, index) => `M${String(index).padStart(5, '0')}`)

describe('assignment', () => {
  test('is the same for ever', () => {
    // From `printf 'spring\037M0001' | sha256sum`.
    expect(bucketOf('spring', 'M0001')).toBe(0.9243859790607125)
    expect(bucketOf('spring', 'M0001')).not.toBe(bucketOf('autumn', 'M0001'))
  })

  test('deals the planned shares', () => {
    const shares = [0.1, 0.3, 0.6]
    const counts = [0, 0, 0]
    for (const member of members) counts[armOf(bucketOf('spring', member), shares)]! += 1
    expect(sampleRatioP(counts, shares)).toBeGreaterThan(0.001)
    expect(counts.every((count) => count > 1_500)).toBe(true)
  })

  test('one salt says nothing of another: of those held out, a campaign deals as to all', () => {
    const heldOut = members.filter((member) => isHeldOut(member, 0.2))
    const first = heldOut.filter((member) => bucketOf('spring', member) < 0.5).length
    expect(sampleRatioP([heldOut.length, members.length - heldOut.length], [0.2, 0.8])).toBeGreaterThan(0.001)
    expect(sampleRatioP([first, heldOut.length - first], [0.5, 0.5])).toBeGreaterThan(0.001)
  })

  test.each([
    [0, [0.5, 0.5], 0],
    [0.4999, [0.5, 0.5], 0],
    [0.5, [0.5, 0.5], 1],
    [0.9999999, [0.2, 0.8], 1],
    [0.9999999, [0.1, 0.2, 0.6999], 2],
    [0.5, [1], 0],
  ])('bucket %d of %j is arm %d', (bucket, shares, arm) => {
    expect(armOf(bucket, shares)).toBe(arm)
  })

  test('hashes compare with the hash of a share as buckets do with the share, also where a bucket is the share', () => {
    for (let n = 0; n < 200; n++) {
      const bucket = bucketOf('spring', `M${n}`)
      const bytes = hash('sha256', `spring\u001fM${n}`, 'buffer')
      for (const share of [0, 0.1, 1 / 3, bucket, bucket + 2 ** -48, 0.999, 1, 1.0000000000000002]) {
        expect(Buffer.compare(bytes, hashUntil(share)) < 0).toBe(bucket < share)
      }
    }
  })
})
