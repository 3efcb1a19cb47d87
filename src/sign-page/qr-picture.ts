import { qrPng } from './qr-png.ts'
import { qrSvg } from './qr-svg.ts'
import { qrMatrix, type QrQuality } from './qr.ts'

export const pictureFormats = ['png', 'svg', 'json'] as const
export type PictureFormat = (typeof pictureFormats)[number]

export const mediaTypes: Readonly<Record<PictureFormat, string>> = {
  png: 'image/png',
  svg: 'image/svg+xml',
  json: 'application/json; charset=utf-8',
}

/** The pictures have a quiet zone, the bare matrix has none: `{"matrix":[[true,false,…],…]}`. */
export const drawQr = (text: string, quality: QrQuality, format: PictureFormat): Buffer => {
  const matrix = qrMatrix(text, quality)
  switch (format) {
    case 'png':
      return qrPng(matrix)
    case 'svg':
      return Buffer.from(qrSvg(matrix))
    case 'json':
      return Buffer.from(JSON.stringify({ matrix }))
  }
}
