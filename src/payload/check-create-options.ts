import { isValidClassicAddress } from 'ripple-address-codec'
import type { Milliseconds } from '../clock.ts'
import { isJsonObject, type Json } from '../json.ts'
import { networkOf, networks } from '../ledger/networks.ts'
import { isRefusal, type Refusal } from '../refusals.ts'
import { checkReturnUrl } from './check-create-return-url.ts'
import { invalid, isAbsent, readFlag } from './option-reading.ts'
import type { CreateInput } from './payloads.ts'

export type CreateOptions = Omit<CreateInput, 'template' | 'customMeta' | 'userToken'>

const minute: Milliseconds = 60 * 1000
const defaultMinutes = 1440
const maxMinutes = 30 * 24 * 60

/** Addresses among which one must sign. */
const signerLimit = 256

/** `options` with every default: refuses with `optionInvalid`. Unknown keys are ignored. */
export const checkOptions = (value: Json | undefined): CreateOptions | Refusal => {
  if (!isAbsent(value) && !isJsonObject(value)) return invalid('options', 'an object')
  const options = value ?? {}
  return allOf({
    submit: readFlag('options.submit', options['submit'], true),
    multisign: readFlag('options.multisign', options['multisign'], false),
    pathfinding: readFlag('options.pathfinding', options['pathfinding'], false),
    pathfindingFallback: readFlag('options.pathfinding_fallback', options['pathfinding_fallback'], false),
    bind: readFlag('options.bind', options['bind'], false),
    lifetime: checkExpire(options['expire']),
    forceNetwork: checkForceNetwork(options['force_network']),
    signers: checkSigners(options['signers'] ?? options['signer']),
    returnUrl: checkReturnUrl(options['return_url']),
  })
}

/** The values, if none of them is a refusal; else the first refusal. Never for values that a client made up. */
const allOf = <T extends object>(values: T): { [K in keyof T]: Exclude<T[K], Refusal> } | Refusal =>
  Object.values(values).find(isRefusal) ?? (values as { [K in keyof T]: Exclude<T[K], Refusal> })

/** In minutes, a fraction allowed; 0 is the default, as the .NET SDK sends it when nothing was set. */
const checkExpire = (value: Json | undefined): Milliseconds | Refusal => {
  if (isAbsent(value) || value === 0) return defaultMinutes * minute
  if (typeof value !== 'number' || value < 0 || value > maxMinutes) {
    return invalid('options.expire', `a number of minutes, at most ${maxMinutes}`)
  }
  return Math.ceil(value * minute)
}

const checkForceNetwork = (value: Json | undefined): string | null | Refusal => {
  if (isAbsent(value)) return null
  return typeof value === 'string' && networkOf(value) !== null
    ? value
    : invalid('options.force_network', `one of ${networks.map(({ key }) => key).join(', ')}`)
}

/** One address or several; the PHP SDK may put nulls between them. */
const checkSigners = (value: Json | undefined): readonly string[] | null | Refusal => {
  if (isAbsent(value)) return null
  const signers = (Array.isArray(value) ? value : [value]).filter((signer) => signer !== null)
  return signers.length > 0 && signers.length <= signerLimit && signers.every(isAddress)
    ? signers
    : invalid('options.signers', `1 to ${signerLimit} classic addresses`)
}

const isAddress = (value: Json): value is string => typeof value === 'string' && isValidClassicAddress(value)
