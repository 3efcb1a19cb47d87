import type { Milliseconds } from '../clock.ts'
import type { Secrets } from '../application/applications.ts'
import type { Delivery } from './delivery.ts'
import { compatibleSignature, standardSignature } from './signatures.ts'

/**
 * Every header of one attempt. During a rotation `webhook-signature` has a value for each secret, so that receivers can
 * follow in their own time; the compatible signature has room for one, which is the current. Source: CONTRACT section 4.
 *
 * @param attempt its number, from 1
 * @param now when the attempt is made; both signatures are over this time
 */
export const attemptHeaders = (
  { id, payloadId, body }: Pick<Delivery, 'id' | 'payloadId' | 'body'>,
  attempt: number,
  { current, previous }: Secrets,
  now: Milliseconds,
): Record<string, string> => {
  const secrets = previous === null ? [current] : [current, previous]
  const timestamp = String(Math.floor(now / 1000))
  return {
    'content-type': 'application/json',
    'user-agent': 'Countersign',
    'x-xumm-attempt': String(attempt),
    ...(payloadId === null ? {} : { 'x-xumm-payload': payloadId }),
    'x-xumm-request-timestamp': timestamp,
    'x-xumm-request-signature': compatibleSignature(current, timestamp, body),
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => standardSignature(secret, id, timestamp, body)).join(' '),
  }
}
