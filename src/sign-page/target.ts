import { readUuid } from '../uuid.ts'
import { pictureFormats, type PictureFormat } from './qr-picture.ts'
import { qrQualities, type QrQuality } from './qr.ts'

/** What the last part of `/sign/<part>` asks for: the page, by the id alone, or a picture of the QR code. */
export type Target = { readonly kind: 'page'; readonly id: string } | ({ readonly kind: 'picture' } & Picture)

export interface Picture {
  readonly id: string
  readonly quality: QrQuality
  readonly format: PictureFormat
}

const pictureForm = new RegExp(`^([^_.]+)(?:_(${qrQualities.join('|')}))?\\.(${pictureFormats.join('|')})$`)

/** Null for anything else. The quality is q where it is left out. */
export const readTarget = (part: string): Target | null => {
  const pageId = readUuid(part)
  if (pageId !== null) return { kind: 'page', id: pageId }
  const [, name, quality = 'q', format] = pictureForm.exec(part) ?? []
  const id = readUuid(name)
  if (id === null) return null
  return { kind: 'picture', id, quality: quality as QrQuality, format: format as PictureFormat }
}
