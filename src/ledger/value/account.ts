import { isValidClassicAddress, isValidXAddress, xAddressToClassicAddress } from 'ripple-address-codec'
import { clear, unclear, type Reader } from './reading.ts'

/** An address with a destination tag in it, taken apart. Source: XRPL-Standards, XLS-5. */
export const splitXAddress = (address: string): { account: string; tag: number | null } | null => {
  // the codec throws and catches to say no, which is too dear for every address there is
  if (!/^[XT]/.test(address) || !isValidXAddress(address)) return null
  const { classicAddress, tag } = xAddressToClassicAddress(address)
  return { account: classicAddress, tag: tag === false ? null : tag }
}

/** A classic address; an X-address without a tag becomes one. */
export const readAccount: Reader = (value) => {
  if (typeof value !== 'string') return unclear('has to be an account address')
  if (isValidClassicAddress(value)) return clear(value)
  const split = splitXAddress(value)
  if (split === null) return unclear('has to be an account address')
  return split.tag === null ? clear(split.account) : unclear('has no place for the tag of its X-address')
}
