import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import type { PublicKey } from './public-key.ts'

/**
 * Does this signature of the message hold for this key, by the ledger's own rules? ed25519 signs the message itself,
 * secp256k1 the first half of its SHA-512. What is malleable is refused: a secp256k1 signature must be fully canonical, an
 * ed25519 one have its S below the order (OpenSSL refuses it otherwise).
 * Source: rippled, PublicKey.cpp (verify, ecdsaCanonicality).
 *
 * Done by node:crypto: it takes a fifth (secp256k1) or a tenth (ed25519) of the time that ripple-keypairs does, and its
 * ed25519 compares as rippled's does. ECDSA cuts a hash down to the order's length, 256 bits here, so ECDSA over SHA-512
 * is the ledger's ECDSA over its first half.
 */
export const signatureHolds = (message: Buffer, signature: Buffer, key: PublicKey): boolean => {
  const edwards = key.startsWith('ED')
  if (!edwards && !isFullyCanonical(signature)) return false
  const keyObject = parseKey(key, edwards)
  return keyObject !== null && verify(edwards ? null : 'sha512', message, keyObject, signature)
}

/** What DER puts before a raw key to say which kind it is. Source: RFC 8410; RFC 5480 and SEC 2. */
const edwardsHeader = Buffer.from('302A300506032B6570032100', 'hex')
const secp256k1Header = Buffer.from('3036301006072A8648CE3D020106052B8104000A032200', 'hex')

/** Null when the bytes are no point of the curve. */
const parseKey = (key: PublicKey, edwards: boolean): KeyObject | null => {
  const bytes = Buffer.from(key, 'hex')
  const der = edwards ? [edwardsHeader, bytes.subarray(1)] : [secp256k1Header, bytes]
  try {
    return createPublicKey({ key: Buffer.concat(der), format: 'der', type: 'spki' })
  } catch {
    return null
  }
}

const secp256k1Order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** The one DER encoding of its two numbers, and of S and its negative the lower. */
const isFullyCanonical = (der: Buffer): boolean => {
  if (der.length < 8 || der.length > 72 || der[0] !== 0x30 || der[1] !== der.length - 2) return false
  const r = readInteger(der, 2)
  const s = r === null ? null : readInteger(der, r.end)
  if (r === null || s?.end !== der.length) return false
  return r.value < secp256k1Order && 2n * s.value < secp256k1Order
}

/** A DER integer that is above zero and not padded. */
const readInteger = (der: Buffer, at: number): { readonly value: bigint; readonly end: number } | null => {
  const length = der[at + 1] ?? 0
  const start = at + 2
  const end = start + length
  if (der[at] !== 0x02 || length < 1 || length > 33 || end > der.length) return null
  const first = der[start]!
  if (first >= 0x80) return null
  if (first === 0 && (length === 1 || der[start + 1]! < 0x80)) return null
  return { value: BigInt(`0x${der.toString('hex', start, end)}`), end }
}
