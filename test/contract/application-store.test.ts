import { describe } from 'vitest'
import { databases } from '../databases.ts'
import { movableClock } from '../movable-clock.ts'
import { applicationStoreSuite } from './application-store.suite.ts'
import { openStored } from './stored.ts'

describe.each(databases)('application store on $name', (kind) => {
  const clock = movableClock()
  applicationStoreSuite(clock, () => openStored(kind, clock))
})
