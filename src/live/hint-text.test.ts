import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Facts } from '../payload/facts.ts'
import type { Hint } from './bus.ts'
import { longestHint, readHint, writeHint } from './hint-text.ts'

const id = randomUUID()
const facts: Facts = {
  opened: true,
  preSigned: false,
  dispatched: true,
  resolved: {
    payload_uuidv4: id,
    reference_call_uuidv4: randomUUID(),
    signed: true,
    user_token: false,
    opened_by_deeplink: true,
    return_url: { app: 'app://back', web: null },
    txid: 'AB',
    custom_meta: { identifier: 'ü 🖋', blob: { a: [1, { b: null }] }, instruction: null },
  },
  expiry: 1_234_567_890_123,
}
const hints: Hint[] = [
  { kind: 'facts', facts },
  { kind: 'facts', facts: { ...facts, resolved: null } },
  { kind: 'devappFetched', callId: randomUUID() },
]

/** The hint with the value at this path replaced; `undefined` takes it away. */
const changed = (path: string, value: unknown): string => {
  const hint = JSON.parse(writeHint(hints[0]!))
  const keys = path.split('.')
  const last = keys.pop()!
  keys.reduce((part, key) => part[key], hint)[last] = value
  return JSON.stringify(hint)
}

describe('a hint as text', () => {
  it.each(hints)('is read as it was written: $kind', (hint) => {
    expect(readHint(writeHint(hint), id)).toEqual(hint)
  })

  it('loses what a later version may add to it', () => {
    expect(readHint(changed('facts.resolved.more', { x: 1 }), id)).toEqual(hints[0])
  })

  it('is not believed of another payload', () => {
    expect(readHint(writeHint(hints[0]!), randomUUID())).toBeNull()
  })

  it.each(['', 'x', 'null', '[]', '1', '{}', '{"kind":"cancelled"}', '{"kind":"facts"}', '{"kind":"devappFetched"}'])(
    'is not what has another shape: %j',
    (text) => {
      expect(readHint(text, id)).toBeNull()
    },
  )

  it.each([
    ['facts.opened', 1],
    ['facts.preSigned', undefined],
    ['facts.dispatched', 'true'],
    ['facts.expiry', null],
    ['facts.expiry', '1'],
    ['facts.resolved', undefined],
    ['facts.resolved', []],
    ['facts.resolved.payload_uuidv4', 'x'],
    ['facts.resolved.reference_call_uuidv4', 'x'],
    ['facts.resolved.signed', null],
    ['facts.resolved.user_token', 0],
    ['facts.resolved.opened_by_deeplink', 'no'],
    ['facts.resolved.return_url', null],
    ['facts.resolved.return_url.web', 1],
    ['facts.resolved.txid', undefined],
    ['facts.resolved.custom_meta', null],
    ['facts.resolved.custom_meta.identifier', 1],
    ['facts.resolved.custom_meta.blob', []],
    ['facts.resolved.custom_meta.instruction', {}],
  ])('is not believed with another %s (%j)', (path, value) => {
    expect(readHint(changed(path, value), id)).toBeNull()
  })

  it('is not read beyond the largest size', () => {
    const text = writeHint(hints[2]!)
    expect(readHint(text.padEnd(longestHint), id)).toEqual(hints[2])
    expect(readHint(text.padEnd(longestHint + 1), id)).toBeNull()
  })
})
