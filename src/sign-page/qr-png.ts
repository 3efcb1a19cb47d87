import { crc32, deflateSync } from 'node:zlib'
import { quietZone, type QrMatrix } from './qr.ts'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Length, type, data and checksum, as the PNG specification lays out every chunk. */
const chunk = (type: string, data: Buffer): Buffer => {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(typed.length + 8)
  framed.writeUInt32BE(data.length, 0)
  typed.copy(framed, 4)
  framed.writeUInt32BE(crc32(typed), typed.length + 4)
  return framed
}

/** One bit per pixel, grey: 0 is black and 1 is white, so that no palette is needed. */
const header = (size: number): Buffer => {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(size, 0)
  data.writeUInt32BE(size, 4)
  data[8] = 1
  return data
}

/** One row of pixels, its leading filter byte (none) included. */
const pixelRow = (modules: readonly boolean[], size: number, scale: number): Buffer => {
  const row = Buffer.alloc(1 + Math.ceil(size / 8), 0xff)
  row[0] = 0
  modules.forEach((dark, module) => {
    if (!dark) return
    const start = (module + quietZone) * scale
    for (let x = start; x < start + scale; x++) row[1 + (x >> 3)]! &= ~(0x80 >> (x & 7))
  })
  return row
}

/**
 * Black on white with a quiet zone. Around a kilobyte, since one bit is a pixel and equal rows compress to nothing.
 *
 * @param scale pixels per module
 */
export const qrPng = (matrix: QrMatrix, scale = 10): Buffer => {
  const size = (matrix.length + 2 * quietZone) * scale
  const quiet = Array<Buffer>(quietZone * scale).fill(pixelRow([], size, scale))
  const rows = matrix.flatMap((modules) => Array<Buffer>(scale).fill(pixelRow(modules, size, scale)))
  const pixels = deflateSync(Buffer.concat([...quiet, ...rows, ...quiet]), { level: 9 })
  return Buffer.concat([signature, chunk('IHDR', header(size)), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}
