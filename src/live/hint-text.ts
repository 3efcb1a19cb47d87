import { isJsonObject, type JsonObject } from '../json.ts'
import type { Facts } from '../payload/facts.ts'
import type { ResolveMessage } from '../payload/resolve-message.ts'
import { readUuid } from '../uuid.ts'
import type { Hint } from './bus.ts'

/**
 * Hints as text, for a bus between processes. Whoever can publish there could send anything, and so could a node of
 * another version: what arrives is believed only in the shape of a hint, part by part.
 */

/** In UTF-16 code units. Two return URLs with a signed blob filled in are 64 Ki, whatever else a payload may hold is below 8. */
export const longestHint = 131_072

export const writeHint = (hint: Hint): string => JSON.stringify(hint)

/**
 * Members that a hint does not have are left out, since a later version may add some.
 *
 * @param payloadId whose hint it must be
 * @returns null when it is no hint
 */
export const readHint = (text: string, payloadId: string): Hint | null => {
  if (text.length > longestHint) return null
  try {
    const hint = object(JSON.parse(text))
    if (hint['kind'] === 'facts') return { kind: 'facts', facts: readFacts(object(hint['facts']), payloadId) }
    return hint['kind'] === 'devappFetched' ? { kind: 'devappFetched', callId: uuid(hint['callId']) } : null
  } catch (error) {
    if (error instanceof NoHint || error instanceof SyntaxError) return null
    throw error
  }
}

class NoHint extends Error {}

const readFacts = (facts: JsonObject, payloadId: string): Facts => ({
  opened: boolean(facts['opened']),
  preSigned: boolean(facts['preSigned']),
  dispatched: boolean(facts['dispatched']),
  resolved: facts['resolved'] === null ? null : readResolveMessage(object(facts['resolved']), payloadId),
  expiry: number(facts['expiry']),
})

const readResolveMessage = (message: JsonObject, payloadId: string): ResolveMessage => {
  if (message['payload_uuidv4'] !== payloadId) throw new NoHint()
  const returnUrl = object(message['return_url'])
  const customMeta = object(message['custom_meta'])
  return {
    payload_uuidv4: payloadId,
    reference_call_uuidv4: uuid(message['reference_call_uuidv4']),
    signed: boolean(message['signed']),
    user_token: boolean(message['user_token']),
    opened_by_deeplink: boolean(message['opened_by_deeplink']),
    return_url: { app: stringOrNull(returnUrl['app']), web: stringOrNull(returnUrl['web']) },
    txid: stringOrNull(message['txid']),
    custom_meta: {
      identifier: stringOrNull(customMeta['identifier']),
      blob: customMeta['blob'] === null ? null : object(customMeta['blob']),
      instruction: stringOrNull(customMeta['instruction']),
    },
  }
}

const object = (value: unknown): JsonObject => (isJsonObject(value) ? value : refuse())
const boolean = (value: unknown): boolean => (typeof value === 'boolean' ? value : refuse())
const number = (value: unknown): number => (typeof value === 'number' ? value : refuse())
const stringOrNull = (value: unknown): string | null => (value === null || typeof value === 'string' ? value : refuse())
const uuid = (value: unknown): string => readUuid(value) ?? refuse()

const refuse = (): never => {
  throw new NoHint()
}
