import { describe } from 'vitest'
import { databases } from '../databases.ts'
import { movableClock } from '../movable-clock.ts'
import { payloadStoreSuite } from './payload-store.suite.ts'
import { openStored } from './stored.ts'

describe.each(databases)('payload store on $name', (kind) => {
  const clock = movableClock()
  payloadStoreSuite(clock, () => openStored(kind, clock))
})
