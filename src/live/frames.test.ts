import { describe, expect, it } from 'vitest'
import { readFrames } from '../../test/fake-socket.ts'
import { aContext, anActor, aPayload, aSignature, signingDetails } from '../../test/payload-fixture.ts'
import { factsOf, type Facts } from '../payload/facts.ts'
import { sign } from '../payload/lifecycle.ts'
import { isRefusal } from '../refusals.ts'
import * as frames from './frames.ts'

const resolvedFacts = (blob: Record<string, string> | null = null): Facts => {
  const payload = aPayload({ customMeta: { identifier: 'order-1', blob, instruction: 'Zahle 5 €' } })
  const signed = sign(payload, anActor('alice'), aSignature, signingDetails, aContext, 1)
  if (isRefusal(signed)) throw new Error(signed.refused)
  return factsOf(signed)
}

describe('frames', () => {
  it('are final text frames without a mask', () => {
    expect(frames.expired).toEqual(Buffer.from('\x81\x10{"expired":true}', 'latin1'))
    expect(frames.ping).toEqual(Buffer.from([0x89, 0]))
  })

  it('say what the contract says', () => {
    const told = [frames.welcome('an-id'), frames.expiresIn(51), frames.devappFetched, frames.rightBack]
    expect(readFrames(Buffer.concat(told))).toEqual([
      { message: 'Welcome an-id' },
      { expires_in_seconds: 51 },
      { devapp_fetched: true },
      { message: 'Right back at you!' },
    ])
  })

  it('are encoded once per number of seconds and shared', () => {
    expect(frames.expiresIn(-7)).toBe(frames.expiresIn(-7))
    expect(frames.keepalive(12)).toBe(frames.keepalive(12))
    expect(readFrames(frames.keepalive(12))).toEqual([{ expires_in_seconds: 12 }, 'ping'])
  })

  it('stay right when more numbers were asked for than are remembered', () => {
    for (let seconds = 0; seconds < 1000; seconds++) {
      expect(readFrames(frames.expiresIn(seconds))).toEqual([{ expires_in_seconds: seconds }])
    }
  })

  it.each([0, 60, 1_000, 70_000])('carry a resolve message with a blob of %i bytes', (size) => {
    const facts = resolvedFacts({ text: 'ü'.repeat(size / 2) })
    expect(readFrames(frames.announcementFrame('resolved', facts))).toEqual([facts.resolved])
  })

  it('keep the order of keys, whatever order a resolve message came in', () => {
    const facts = resolvedFacts()
    const reversed = (value: object): object => Object.fromEntries(Object.entries(value).reverse())
    const shuffled = reversed({ ...facts.resolved!, custom_meta: reversed(facts.resolved!.custom_meta) })
    const again = { ...facts, resolved: shuffled as Facts['resolved'] }
    expect(frames.announcementFrame('resolved', again)).toEqual(frames.announcementFrame('resolved', facts))
    expect(frames.announcementFrame('resolved', facts).toString('utf8', 4)).toBe(
      '{"payload_uuidv4":"8a7c1b5e-5a0e-4f0e-9d3b-0123456789ab",' +
        '"reference_call_uuidv4":"99999999-2222-4333-8444-555555555555","signed":true,"user_token":false,' +
        '"opened_by_deeplink":false,"return_url":{"app":null,"web":null},"txid":"CD",' +
        '"custom_meta":{"identifier":"order-1","blob":null,"instruction":"Zahle 5 €"}}',
    )
  })
})
