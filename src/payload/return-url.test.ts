import { expect, it } from 'vitest'
import { aContext, anActor, aPayload, aSignature, signingDetails } from '../../test/payload-fixture.ts'
import { sign } from './lifecycle.ts'
import type { Payload } from './payload.ts'
import { returnUrls } from './return-url.ts'

const asking = (web: string, identifier: string | null = null): Payload =>
  aPayload({
    request: { ...aPayload().request, returnUrl: { app: null, web } },
    customMeta: { identifier, blob: null, instruction: null },
  })

it('fills every occurrence of every placeholder once it is known', () => {
  const payload = asking('https://shop.test/?a={id}&b={id}&c={cid}&t={txid}&x={txblob}', 'order 1/ü')
  const signed = sign(payload, anActor('alice'), aSignature, signingDetails, aContext, 1) as Payload
  expect(returnUrls(signed).web).toBe(
    `https://shop.test/?a=${payload.id}&b=${payload.id}&c=order%201%2F%C3%BC&t=CD&x=AB`,
  )
})

it('leaves what is not known yet empty', () => {
  expect(returnUrls(asking('https://shop.test/?c={cid}&t={txid}')).web).toBe('https://shop.test/?c=&t=')
})

it('fills in what looks like a placeholder inside a value only once', () => {
  expect(returnUrls(asking('https://shop.test/?c={cid}', '{id}')).web).toBe('https://shop.test/?c=%7Bid%7D')
})

it('stays absent when it was not asked for', () => {
  expect(returnUrls(aPayload())).toEqual({ app: null, web: null })
})

it('leaves the blob out of a URL that would become longer than any browser takes', () => {
  const payload = asking(`https://shop.test/?${'{txblob}'.repeat(200)}&t={txid}`)
  const signature = { ...aSignature, hex: 'AB'.repeat(100) } as typeof aSignature
  const signed = sign(payload, anActor('alice'), signature, signingDetails, aContext, 1) as Payload
  expect(returnUrls(signed).web).toBe('https://shop.test/?&t=CD')
})
