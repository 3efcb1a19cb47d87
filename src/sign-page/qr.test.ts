import { describe, expect, it } from 'vitest'
import { qrMatrix, qrQualities } from './qr.ts'

const link = 'https://sign.test/sign/8a7c1b5e-5a0e-4f0e-9d3b-0123456789ab'

/** The mask of the format bits, and the two bits of each level below it. Source: ISO/IEC 18004, 7.9. */
const formatMask = 0b101010000010010
const levels = { m: 0b00, q: 0b11, h: 0b10 }

describe('qrMatrix', () => {
  it.each(qrQualities)('makes a code of level %s, as its own format bits say', (quality) => {
    const matrix = qrMatrix(link, quality)
    const row = matrix[8]!
    const bits = [0, 1, 2, 3, 4, 5, 7].map((x) => Number(row[x])).concat(Number(row[8]))
    const leading = bits.slice(0, 2).join('')
    expect(parseInt(leading, 2) ^ (formatMask >> 13)).toBe(levels[quality])
  })

  it.each(qrQualities)('has at level %s a finder in three corners and no quiet zone', (quality) => {
    const matrix = qrMatrix(link, quality)
    const size = matrix.length
    const ring = [true, true, true, true, true, true, true, false]
    expect(matrix.every((row) => row.length === size)).toBe(true)
    expect((size - 17) % 4).toBe(0)
    expect(matrix[0]!.slice(0, 8)).toEqual(ring)
    expect(matrix[0]!.slice(-8)).toEqual(ring.toReversed())
    expect(matrix[size - 1]!.slice(0, 8)).toEqual(ring)
    expect(matrix[size - 8]![8]).toBe(true)
  })

  it('needs more modules for more correction', () => {
    const [m, q, h] = qrQualities.map((quality) => qrMatrix(link, quality).length)
    expect(m! < q! && q! < h!).toBe(true)
  })
})
