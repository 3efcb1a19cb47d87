import { expect, it } from 'vitest'
import { someFacts } from '../../test/live-hub.ts'
import { MemoryBus } from './memory-bus.ts'

it('does not run a listener inside the publisher', async () => {
  const bus = new MemoryBus()
  const heard: string[] = []
  await bus.join('an id', ({ kind }) => heard.push(kind))
  bus.publish('an id', { kind: 'facts', facts: someFacts() })
  expect(heard).toEqual([])
  await Promise.resolve()
  expect(heard).toEqual(['facts'])
})
