import { describe } from 'vitest'
import { databases } from '../databases.ts'
import { movableClock } from '../movable-clock.ts'
import { deliveryStoreSuite } from './delivery-store.suite.ts'
import { openStored } from './stored.ts'

describe.each(databases)('delivery store on $name', (kind) => {
  const clock = movableClock()
  deliveryStoreSuite(clock, () => openStored(kind, clock))
})
