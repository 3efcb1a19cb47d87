import { expect, it } from 'vitest'
import { checkClose } from './check-close.ts'

const closing = (code: number, reason = Buffer.alloc(0)): Buffer =>
  Buffer.concat([Buffer.from([code >> 8, code & 0xff]), reason])

it('a client may close without a code, and with one that may be sent', () => {
  expect(checkClose(Buffer.alloc(0))).toBe(null)
  const accepted = Array.from({ length: 65_536 }, (_, code) => code).filter(
    (code) => checkClose(closing(code)) === null,
  )
  const registered = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014]
  expect(accepted).toEqual([...registered, ...Array.from({ length: 2_000 }, (_, n) => 3_000 + n)])
  expect(checkClose(closing(1005))).toBe(1002)
})

it('the reason of a client is UTF-8', () => {
  expect(checkClose(closing(1000, Buffer.from('Zahlung erledigt, 5 €')))).toBe(null)
  expect(checkClose(closing(1000, Buffer.from([0xe2, 0x82])))).toBe(1007)
})
