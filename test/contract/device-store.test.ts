import { describe } from 'vitest'
import { databases } from '../databases.ts'
import { movableClock } from '../movable-clock.ts'
import { deviceStoreSuite } from './device-store.suite.ts'
import { openStored } from './stored.ts'

describe.each(databases)('device store on $name', (kind) => {
  const clock = movableClock()
  deviceStoreSuite(clock, () => openStored(kind, clock))
})
