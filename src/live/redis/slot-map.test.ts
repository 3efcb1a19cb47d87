import { describe, expect, it } from 'vitest'
import { readSlotMap } from './slot-map.ts'

const asked = { host: 'asked.test', port: 1 }

describe('readSlotMap', () => {
  it('reads the master of each range', () => {
    const answer = [
      [0, 8191, ['a.test', 7000, 'id', []], ['replica.test', 7003, 'id', []]],
      [8192, 16_383, ['b.test', 7001, 'id', []]],
    ]
    expect(readSlotMap(answer, asked)).toEqual([
      { from: 0, to: 8191, address: { host: 'a.test', port: 7000 } },
      { from: 8192, to: 16_383, address: { host: 'b.test', port: 7001 } },
    ])
  })

  it('puts the host that was asked where the server does not know its own', () => {
    for (const host of ['', '?', null]) {
      expect(readSlotMap([[0, 1, [host, 7000]]], asked)[0]?.address).toEqual({ host: 'asked.test', port: 7000 })
    }
  })

  it.each([[null], ['OK'], [[]], [[[0, 1]]], [[[0, 16_384, ['a.test', 7000]]]], [[[0, 1, ['a.test', 'x']]]], [['x']]])(
    'refuses %j',
    (answer) => {
      expect(() => readSlotMap(answer, asked)).toThrow()
    },
  )
})
