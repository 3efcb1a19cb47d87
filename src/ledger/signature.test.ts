import fc from 'fast-check'
import { deriveKeypair, generateSeed, sign, verify } from 'ripple-keypairs'
import { describe, expect, it } from 'vitest'
import { parsePublicKey } from './public-key.ts'
import { signatureHolds } from './signature.ts'

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const edwardsOrder = 2n ** 252n + 27742317777372353535851937790883648493n

const keysOf = (algorithm: 'ed25519' | 'ecdsa-secp256k1', entropy = Buffer.alloc(16, 7)) =>
  deriveKeypair(generateSeed({ entropy, algorithm }))

const holds = (message: string, signature: string, key: string): boolean =>
  signatureHolds(Buffer.from(message, 'hex'), Buffer.from(signature, 'hex'), parsePublicKey(key)!)

const integer = (value: bigint, padding = ''): Buffer => {
  const digits = value.toString(16)
  const even = digits.length % 2 === 0 ? digits : `0${digits}`
  const bytes = Buffer.from(padding + (parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even), 'hex')
  return Buffer.concat([Buffer.from([2, bytes.length]), bytes])
}
const der = (r: Buffer, s: Buffer): string =>
  Buffer.concat([Buffer.from([0x30, r.length + s.length]), r, s]).toString('hex')

const numbersOf = (signature: string): [bigint, bigint] => {
  const bytes = Buffer.from(signature, 'hex')
  const end = 4 + bytes[3]!
  const hex = (from: number, to: number) => BigInt(`0x${bytes.toString('hex', from, to)}`)
  return [hex(4, end), hex(end + 2, bytes.length)]
}

const message = 'CAFE0123'

describe.each(['ed25519', 'ecdsa-secp256k1'] as const)('a signature by %s', (algorithm) => {
  const keys = keysOf(algorithm)
  const signature = sign(message, keys.privateKey)

  it('agrees with the official library for any key, message and flipped bit', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((b) => Buffer.from(b))
    const any = fc.tuple(bytes(16), fc.uint8Array({ maxLength: 300 }), fc.nat(), fc.boolean())
    fc.assert(
      fc.property(any, ([entropy, text, bit, flip]) => {
        const own = keysOf(algorithm, entropy)
        const hex = Buffer.from(text).toString('hex').toUpperCase()
        const made = Buffer.from(sign(hex, own.privateKey), 'hex')
        if (flip) made[(bit >> 3) % made.length]! ^= 1 << (bit & 7)
        const theirs = (() => {
          try {
            return verify(hex, made.toString('hex').toUpperCase(), own.publicKey)
          } catch {
            return false
          }
        })()
        expect(holds(hex, made.toString('hex'), own.publicKey)).toBe(theirs)
        expect(theirs).toBe(!flip)
      }),
      { numRuns: 30 },
    )
  })

  it('does not hold for another message, another key or another length', () => {
    expect(holds(message, signature, keys.publicKey)).toBe(true)
    expect(holds(`${message}00`, signature, keys.publicKey)).toBe(false)
    expect(holds(message, signature, keysOf(algorithm, Buffer.alloc(16, 8)).publicKey)).toBe(false)
    expect(holds(message, signature.slice(0, -2), keys.publicKey)).toBe(false)
    expect(holds(message, `${signature}00`, keys.publicKey)).toBe(false)
    expect(holds(message, '', keys.publicKey)).toBe(false)
  })
})

describe('a secp256k1 signature', () => {
  const keys = keysOf('ecdsa-secp256k1')
  const [r, s] = numbersOf(sign(message, keys.privateKey))

  it('is refused with the other, higher S, which anyone can make of it', () => {
    expect(holds(message, der(integer(r), integer(s)), keys.publicKey)).toBe(true)
    expect(holds(message, der(integer(r), integer(order - s)), keys.publicKey)).toBe(false)
  })

  it.each([
    ['padded numbers', der(integer(r, '00'), integer(s))],
    ['a number above the order', der(integer(r + order), integer(s))],
    ['zero', der(integer(r), Buffer.from('020100', 'hex'))],
    ['an empty number', der(integer(r), Buffer.from('0200', 'hex'))],
    ['a negative number', der(integer(r), Buffer.from('0201FF', 'hex'))],
    ['something after it', `${der(integer(r), integer(s))}00`],
    ['a long form of its length', der(integer(r), integer(s)).replace(/^30/, '3081')],
    ['a number that ends outside', der(integer(r), Buffer.from('022001', 'hex'))],
  ])('is refused with %s', (_, signature) => {
    expect(holds(message, signature, keys.publicKey)).toBe(false)
  })

  it('is refused for a key that is no point of the curve', () => {
    expect(holds(message, der(integer(r), integer(s)), `02${'FF'.repeat(32)}`)).toBe(false)
  })
})

describe('an ed25519 signature', () => {
  it('is refused with the order added to its S, which anyone can do', () => {
    const keys = keysOf('ed25519')
    const bytes = Buffer.from(sign(message, keys.privateKey), 'hex')
    const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + edwardsOrder
    const moved = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()
    expect(holds(message, Buffer.concat([bytes.subarray(0, 32), moved]).toString('hex'), keys.publicKey)).toBe(false)
  })

  it('is refused for a key that is no point of the curve', () => {
    expect(holds(message, 'AB'.repeat(64), `ED${'FF'.repeat(32)}`)).toBe(false)
  })
})

describe('a public key', () => {
  const { publicKey } = keysOf('ecdsa-secp256k1')

  it('is read in either case', () => {
    expect(parsePublicKey(publicKey.toLowerCase())).toBe(publicKey)
  })

  it.each([null, 7, '', 'ED', publicKey.slice(2), `${publicKey}00`, publicKey.replace(/^../, '04'), 'X'.repeat(66)])(
    'is not %j',
    (other) => {
      expect(parsePublicKey(other)).toBeNull()
    },
  )
})
