import { crc32, inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { drawQr } from './qr-picture.ts'
import { qrMatrix, quietZone, type QrMatrix } from './qr.ts'

const link = 'https://sign.test/sign/8a7c1b5e-5a0e-4f0e-9d3b-0123456789ab'
const matrix = qrMatrix(link, 'q')

const withQuietZone = (inner: QrMatrix): boolean[][] => {
  const size = inner.length + 2 * quietZone
  return Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => inner[y - quietZone]?.[x - quietZone] ?? false),
  )
}

/** The chunks of a PNG, each with its checksum verified. */
const chunksOf = (png: Buffer): { type: string; data: Buffer }[] => {
  const chunks = []
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const end = at + 8 + png.readUInt32BE(at)
    expect(png.readUInt32BE(end)).toBe(crc32(png.subarray(at + 4, end)))
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, end) })
  }
  return chunks
}

describe('the png', () => {
  const png = drawQr(link, 'q', 'png')

  it('is a grey picture of one bit per pixel, small and with right checksums', () => {
    expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
    const [header, data, end] = chunksOf(png)
    expect([header?.type, data?.type, end?.type]).toEqual(['IHDR', 'IDAT', 'IEND'])
    expect([...header!.data.subarray(8)]).toEqual([1, 0, 0, 0, 0])
    expect(png.length).toBeLessThan(2048)
  })

  it('shows the matrix in its quiet zone, ten pixels to a module', () => {
    const [header, data] = chunksOf(png)
    const size = header!.data.readUInt32BE(0)
    const stride = 1 + Math.ceil(size / 8)
    const rows = inflateSync(data!.data)
    const isDark = (x: number, y: number): boolean => (rows[y * stride + 1 + (x >> 3)]! & (0x80 >> (x & 7))) === 0
    const expected = withQuietZone(matrix)
    expect(size).toBe(expected.length * 10)
    expect(rows.length).toBe(size * stride)
    const corners = (part: number) => expected.map((row, y) => row.map((_, x) => isDark(x * 10 + part, y * 10 + part)))
    expect(corners(0)).toEqual(expected)
    expect(corners(9)).toEqual(expected)
  })
})

it('draws the same matrix as svg', () => {
  const svg = drawQr(link, 'q', 'svg').toString()
  const size = matrix.length + 2 * quietZone
  expect(svg).toContain(`viewBox="0 0 ${size} ${size}"`)
  const drawn = Array.from({ length: size }, () => Array<boolean>(size).fill(false))
  for (const [, x, y, length] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    drawn[Number(y)]!.fill(true, Number(x), Number(x) + Number(length))
  }
  expect(drawn).toEqual(withQuietZone(matrix))
})

it('gives the bare matrix as json', () => {
  expect(JSON.parse(drawQr(link, 'q', 'json').toString())).toEqual({ matrix })
})
