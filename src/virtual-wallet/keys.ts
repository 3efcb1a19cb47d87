import { deriveAddress, deriveKeypair, generateSeed } from 'ripple-keypairs'
import { WalletError } from './wallet-error.ts'

export type KeyAlgorithm = 'ed25519' | 'secp256k1'

/** A key pair with the seed it comes from; whoever has it can sign. */
export interface WalletKeys {
  /** `sEd…` or `s…` */
  readonly seed: string
  /** Upper-case hex, 33 bytes. */
  readonly publicKey: string
  /** Upper-case hex, 33 bytes. */
  readonly privateKey: string
  /** `r…`, the account whose master key this is. */
  readonly address: string
}

const libraryNames = { ed25519: 'ed25519', secp256k1: 'ecdsa-secp256k1' } as const

/**
 * The keys of a seed.
 *
 * @param algorithm when the seed does not say it: an `s…` seed is one of secp256k1 unless told otherwise
 * @throws WalletError when it is no seed
 */
export const keysOf = (seed: string, algorithm?: KeyAlgorithm): WalletKeys => {
  const { publicKey, privateKey } = derive(seed, algorithm === undefined ? {} : { algorithm: libraryNames[algorithm] })
  return { seed, publicKey, privateKey, address: deriveAddress(publicKey) }
}

/** @param entropy 16 bytes, for the same keys every time; random when left out */
export const newKeys = (algorithm: KeyAlgorithm = 'ed25519', entropy?: Uint8Array): WalletKeys =>
  keysOf(generateSeed({ algorithm: libraryNames[algorithm], ...(entropy === undefined ? {} : { entropy }) }), algorithm)

const derive: typeof deriveKeypair = (seed, options) => {
  try {
    return deriveKeypair(seed, options)
  } catch {
    // without the cause, which may have the seed in it
    throw new WalletError('This is no seed of a key pair.')
  }
}
