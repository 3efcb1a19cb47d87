import { expect, it } from 'vitest'
import { boundedMemo } from './bounded-memo.ts'

it('makes a thing once while it is among those asked for last', () => {
  const made: string[] = []
  const ask = boundedMemo(2, (key) => {
    made.push(key)
    return key.toUpperCase()
  })
  expect(['a', 'b', 'a', 'c', 'a', 'b'].map(ask)).toEqual(['A', 'B', 'A', 'C', 'A', 'B'])
  expect(made).toEqual(['a', 'b', 'c', 'b'])
})
