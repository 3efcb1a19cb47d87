import { expect, it } from 'vitest'
import { slotOf } from './slot.ts'

it('knows the slots that the specification names', () => {
  // Source: the Redis Cluster specification, appendix A: CRC-16 of "123456789" is 0x31c3
  expect(slotOf('123456789')).toBe(0x31c3 % 16_384)
  expect(slotOf('foo')).toBe(12_182)
  expect(slotOf('')).toBe(0)
})
