import { encode } from 'uqr'

/** Error correction, as the platform names it: 15, 25 and 30 % of the code may be lost. */
export const qrQualities = ['m', 'q', 'h'] as const
export type QrQuality = (typeof qrQualities)[number]

/** Rows of modules, true for dark; square, without a quiet zone. */
export type QrMatrix = readonly (readonly boolean[])[]

/** Modules of white that a picture has on every side. Source: ISO/IEC 18004, 6.3.8. */
export const quietZone = 4

const levels = { m: 'M', q: 'Q', h: 'H' } as const

export const qrMatrix = (text: string, quality: QrQuality): QrMatrix =>
  encode(text, { ecc: levels[quality], border: 0 }).data
