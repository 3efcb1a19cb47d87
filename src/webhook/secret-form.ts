import { readUuid } from '../uuid.ts'
import { apiSecret } from './signatures.ts'

/** The API secret that a text is meant to be, null when it cannot be guessed, and what is wrong with the text. */
export interface SecretForm {
  readonly secret: string | null
  /** Null: nothing is. */
  readonly problem: string | null
}

/** Reads a secret as people have it at hand: with a line break of its file, in quotation marks, without its dashes. */
export const readSecretForm = (text: string): SecretForm => {
  const bare = text.trim().replace(/^(["'])(.*)\1$/, '$2')
  const decoded = apiSecret(bare)
  const secret = readUuid(decoded) ?? withDashes(decoded)
  return { secret, problem: problemOf(text, bare, decoded, secret) }
}

const problemOf = (text: string, bare: string, decoded: string, secret: string | null): string | null => {
  if (secret === null) return 'The secret is neither an API secret, a UUID, nor the whsec_ form of one.'
  if (text !== text.trim()) return 'The secret has white space around it.'
  if (text !== bare) return 'The secret has quotation marks around it.'
  if (readUuid(decoded) === null) return 'The secret lacks dashes; give it as it was handed out.'
  if (decoded !== secret) return 'The secret is in upper case; it signs in lower case.'
  return null
}

/** The UUID of 32 hex digits whose dashes were removed, all or some. */
const withDashes = (text: string): string | null =>
  readUuid(text.replaceAll('-', '').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'))
