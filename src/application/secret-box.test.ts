import { expect, test } from 'vitest'
import { createSecretBox } from './secret-box.ts'

const box = createSecretBox(Buffer.alloc(32, 1))
const other = createSecretBox(Buffer.alloc(32, 2))

test('what was sealed for an application opens for it', () => {
  expect(box.open('app', box.seal('app', 'a secret'))).toBe('a secret')
})

test('the same secret never looks the same twice and never shows', () => {
  const [one, two] = [box.seal('app', 'a secret'), box.seal('app', 'a secret')]
  expect(one).not.toBe(two)
  expect(Buffer.from(one, 'base64url').toString('latin1')).not.toContain('a secret')
})

test('it opens with no other key, for no other application, and not altered', () => {
  const sealed = box.seal('app', 'a secret')
  expect(() => other.open('app', sealed)).toThrow()
  expect(() => box.open('another', sealed)).toThrow()
  for (let index = 0; index < Buffer.from(sealed, 'base64url').length; index++) {
    const bytes = Buffer.from(sealed, 'base64url')
    bytes[index]! ^= 1
    expect(() => box.open('app', bytes.toString('base64url'))).toThrow()
  }
  expect(() => box.open('app', '')).toThrow()
})

test('the key check tells keys apart', () => {
  expect(box.keyCheck).toBe(createSecretBox(Buffer.alloc(32, 1)).keyCheck)
  expect(box.keyCheck).not.toBe(other.keyCheck)
})
