import type { Milliseconds } from '../clock.ts'
import type { Delivery } from './delivery.ts'
import { compatibleSignature, standardSignature } from './signatures.ts'

/** The API secret, and those that it replaced a while ago and that still sign, so that receivers can follow. */
export type SigningSecrets = readonly [current: string, ...retiring: string[]]

/**
 * Every header of one attempt. The compatible signature has room for one secret only, which is the current one. Source:
 * CONTRACT section 4.
 *
 * @param attempt its number, from 1
 * @param now when the attempt is made; both signatures are over this time
 */
export const attemptHeaders = (
  { id, payloadId, body }: Pick<Delivery, 'id' | 'payloadId' | 'body'>,
  attempt: number,
  secrets: SigningSecrets,
  now: Milliseconds,
): Record<string, string> => {
  const timestamp = String(Math.floor(now / 1000))
  return {
    'content-type': 'application/json',
    'user-agent': 'Countersign',
    'x-xumm-attempt': String(attempt),
    ...(payloadId === null ? {} : { 'x-xumm-payload': payloadId }),
    'x-xumm-request-timestamp': timestamp,
    'x-xumm-request-signature': compatibleSignature(secrets[0], timestamp, body),
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => standardSignature(secret, id, timestamp, body)).join(' '),
  }
}
