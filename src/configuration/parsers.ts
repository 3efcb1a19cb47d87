import ipaddr from 'ipaddr.js'
import { parseRateLimits, type RateLimits } from '../developer-api/rate-limits.ts'
import { parseLedgerUrls, type LedgerUrls } from '../ledger/ledger-nodes.ts'
import { parseRedisUrls, type RedisUrls } from '../live/redis/urls.ts'
import { SettingError } from './setting.ts'

/** From text to values, one small parser per kind of setting. Each throws `SettingError` with the rest of a sentence. */

export const text = (value: string): string => value

export const integer =
  (least: number, most: number) =>
  (value: string): number => {
    const number = Number(value)
    if (!/^\d+$/.test(value) || number < least || number > most) {
      throw new SettingError(`must be a whole number from ${least} to ${most}, not "${value}"`)
    }
    return number
  }

/** @returns milliseconds */
export const seconds =
  (least: number, most: number) =>
  (value: string): number => {
    const number = Number(value)
    if (!/^\d+(\.\d+)?$/.test(value) || number < least || number > most) {
      throw new SettingError(`must be seconds from ${least} to ${most}, not "${value}"`)
    }
    return Math.round(number * 1000)
  }

/** @returns milliseconds of each; none when empty */
export const secondsList =
  (least: number, most: number, longest: number) =>
  (value: string): readonly number[] => {
    const parts = value.split(',').filter((part) => part.trim() !== '')
    if (parts.length > longest) throw new SettingError(`must list at most ${longest} numbers of seconds`)
    return parts.map((part) => seconds(least, most)(part.trim()))
  }

/** @returns milliseconds */
export const days =
  (least: number, most: number) =>
  (value: string): number =>
    integer(least, most)(value) * 86_400_000

export const flag = (value: string): boolean => {
  if (['true', '1', 'yes', 'on'].includes(value.toLowerCase())) return true
  if (['false', '0', 'no', 'off'].includes(value.toLowerCase())) return false
  throw new SettingError(`must be true or false, not "${value}"`)
}

export const oneOf =
  <T extends string>(...values: readonly T[]) =>
  (value: string): T => {
    const found = values.find((one) => one === value)
    if (found === undefined) throw new SettingError(`must be one of ${values.join(', ')}, not "${value}"`)
    return found
  }

/** @returns the URL without a slash at its end, so that paths can be added */
export const httpUrl = (value: string): string => {
  const url = URL.parse(value)
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new SettingError(`must be an http or https URL such as https://sign.example.com, not "${value}"`)
  }
  return url.href.replace(/\/+$/, '')
}

export const databaseUrl = (value: string): string => {
  if (!/^(sqlite:.|postgres(ql)?:\/\/)/.test(value)) {
    throw new SettingError('must begin with sqlite: and a path, or with postgres://')
  }
  return value
}

export const secretKey = (value: string): string => {
  if (!/^[0-9a-fA-F]{64}$/.test(value)) throw new SettingError('must be 64 hex digits (32 random bytes)')
  return value
}

/** What an Authorization header can carry as one word; not repeated in the complaint. */
export const bearerToken = (value: string): string => {
  if (!/^[!-~]+$/.test(value)) throw new SettingError('must be visible ASCII characters without spaces')
  return value
}

/** @returns networks in CIDR form, each checked; a single address stands for itself */
export const networks = (value: string): readonly string[] =>
  value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => {
      if (!ipaddr.isValid(one) && !ipaddr.isValidCIDR(one)) {
        throw new SettingError(`must list networks such as 10.0.0.0/8, not "${one}"`)
      }
      return one
    })

/** A URL with `{host}` and `{id}` in it, of any scheme but those that run something. */
export const deeplink = (value: string): string => {
  if (!/^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(value) || /^(javascript|data|vbscript|blob|file):/i.test(value)) {
    throw new SettingError(`must be a URL such as xumm://{host}/sign/{id}/deeplink, not "${value}"`)
  }
  if (!value.includes('{id}')) throw new SettingError('must have {id} in it')
  return value
}

/** Who may frame a page, as a source list: nothing in it can end the directive and begin another. */
export const frameAncestors = (value: string): string => {
  if (!/^('none'|('self'|[\w:/.*[\]-]+)( +('self'|[\w:/.*[\]-]+))*)$/.test(value)) {
    throw new SettingError(`must be 'none', or origins and 'self' separated by spaces, not "${value}"`)
  }
  return value
}

/** Nothing of the value is repeated: a URL may hold credentials. */
export const ledgerUrls = (value: string): LedgerUrls => {
  const urls = parseLedgerUrls(value)
  if (urls === null)
    throw new SettingError('must be one wss:// URL, or name one for each network: MAINNET=wss://…,TESTNET=wss://…')
  return urls
}

/** Nothing of the value is repeated: a URL may hold credentials. */
export const redisUrls = (value: string): RedisUrls => {
  const urls = parseRedisUrls(value)
  if (urls === null) {
    throw new SettingError(
      'must be redis://user:password@host:port, rediss://… for TLS, or several for a cluster that differ in host and port alone; special characters of a password are percent-encoded',
    )
  }
  return urls
}

export const rateLimits = (value: string): RateLimits => {
  const limits = parseRateLimits(value)
  if (limits === null) throw new SettingError(`must be a number of requests, or create=30,other=120, not "${value}"`)
  return limits
}
