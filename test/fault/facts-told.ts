import type { JsonObject } from '../../src/json.ts'
import type { RawSubscriber, Told, ToldConnection } from './raw-subscriber.ts'

/** What subscribers are told once, in the order they are told it; by the key of the message. */
export const factKeys = ['opened', 'pre_signed', 'dispatched', 'signed'] as const
export type FactKey = (typeof factKeys)[number]

/** The key of a fact's message; null when it is another message. */
export const factOf = (message: JsonObject): FactKey | null =>
  factKeys.find((key) => Object.hasOwn(message, key)) ?? null

/** What is so in the end. */
export interface Truth {
  readonly facts: readonly FactKey[]
  readonly expired: boolean
  readonly txid: string | null
  /** How often the application fetched it. */
  readonly fetches: number
}

/**
 * What Details say, as facts.
 *
 * @param preSigned Details do not say it; null when nobody knows
 */
export const truthOf = (details: JsonObject, preSigned: boolean, fetches: number): Truth => {
  const { meta, response } = details as Record<string, JsonObject>
  const facts: FactKey[] = []
  if (meta!['app_opened'] === true) facts.push('opened')
  if (preSigned) facts.push('pre_signed')
  if (meta!['signed'] === true && meta!['submit'] === true) facts.push('dispatched')
  if (meta!['resolved'] === true) facts.push('signed')
  return { facts, expired: meta!['expired'] === true, txid: response!['txid'] as string | null, fetches }
}

/**
 * Checks a subscriber over all its connections: on each the greeting, then facts, each once at most, in order, and none
 * that is not so; on the one it has, all of them.
 *
 * @returns what is wrong, each with what was told; nothing when all is well
 */
export const wrongWith = (subscriber: RawSubscriber, truth: Truth): string[] => {
  const wrong = subscriber.connections.flatMap((connection) => wrongOn(connection, subscriber.uuid, truth))
  const { welcomed, connection } = subscriber
  if (!welcomed) wrong.push(`it is not connected: ${transcript(connection)}`)
  else {
    const missing = truth.facts.filter((fact) => !factsOn(connection).includes(fact))
    if (missing.length > 0) wrong.push(`${missing.join(' and ')} missing: ${transcript(connection)}`)
    if (truth.expired && !connection.told.some(isExpiry)) wrong.push(`expiry missing: ${transcript(connection)}`)
  }
  return wrong
}

const wrongOn = (connection: ToldConnection, uuid: string, truth: Truth): string[] => {
  const [welcome, time, ...others] = connection.told
  const wrong = (what: string): string[] => [`${uuid}: ${what}: ${transcript(connection)}`]
  if (welcome === undefined) return []
  if (welcome.message['message'] !== `Welcome ${uuid}`) return wrong('the first is no welcome')
  if (time !== undefined && !isExpiry(time) && !isTime(time)) return wrong('the second does not tell the time')
  if (others.some((one) => !isTime(one) && !isExpiry(one) && !isFetch(one) && factOf(one.message) === null)) {
    return wrong('something unknown was told')
  }
  const facts = factsOn(connection)
  const inOrder = factKeys.filter((key) => facts.includes(key))
  if (facts.join() !== inOrder.join()) return wrong('not once each and in order')
  const untrue = facts.filter((fact) => !truth.facts.includes(fact))
  if (untrue.length > 0) return wrong(`${untrue.join(' and ')} is not so`)
  if (connection.told.filter(isExpiry).length > (truth.expired ? 1 : 0)) return wrong('expired once too often')
  if (connection.told.filter(isFetch).length > truth.fetches) return wrong('fetched more often than it was')
  const resolved = connection.told.find(({ message }) => factOf(message) === 'signed')
  if (resolved !== undefined && resolved.message['txid'] !== truth.txid) return wrong('resolved in another way')
  return []
}

const factsOn = ({ told }: ToldConnection): FactKey[] =>
  told.map(({ message }) => factOf(message)).filter((fact) => fact !== null)

export const isExpiry = ({ message }: Told): boolean => message['expired'] === true
const isTime = ({ message }: Told): boolean => typeof message['expires_in_seconds'] === 'number'
const isFetch = ({ message }: Told): boolean => message['devapp_fetched'] === true

const transcript = ({ port, status, code, told }: ToldConnection): string =>
  JSON.stringify({ port, status, code, told: told.map(({ message }) => message) })
