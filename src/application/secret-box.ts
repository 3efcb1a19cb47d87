import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

/** Encrypts application secrets for the database, which never sees one in the clear. */
export interface SecretBox {
  /** @param applicationId authenticated along with it: a sealed secret opens for no other application */
  seal(applicationId: string, secret: string): string
  /** Throws when it was sealed with another key, for another application, or was altered: a fault, never a refusal. */
  open(applicationId: string, sealed: string): string
  /** Tells keys apart and tells nothing about them; kept in the database, so that a wrong key is found at the start. */
  readonly keyCheck: string
}

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** AES-256-GCM with a fresh random nonce each time; sealed: base64url of nonce, tag and ciphertext. @param key 32 bytes */
export const createSecretBox = (key: Uint8Array): SecretBox => ({
  seal: (applicationId, secret) => {
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(applicationId))
    const ciphertext = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString('base64url')
  },
  open: (applicationId, sealed) => {
    const bytes = Buffer.from(sealed, 'base64url')
    const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      .setAAD(Buffer.from(applicationId))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8')
  },
  keyCheck: createHmac('sha256', key).update('countersign key check').digest('hex'),
})
