import { deriveAddress } from 'ripple-keypairs'

declare const publicKey: unique symbol

/** 33 bytes in upper-case hex, of one of the two kinds that the ledger knows. */
export type PublicKey = string & { readonly [publicKey]: true }

/** Null when it is neither an ed25519 key (ED) nor a compressed secp256k1 key (02, 03). Source: rippled, PublicKey.cpp. */
export const parsePublicKey = (hex: unknown): PublicKey | null => {
  if (typeof hex !== 'string' || !/^(ED|0[23])[0-9A-F]{64}$/i.test(hex)) return null
  return hex.toUpperCase() as PublicKey
}

/** The address whose master key it is. */
export const addressOf = (key: PublicKey): string => deriveAddress(key)
