import { describe } from 'vitest'
import { databases } from '../databases.ts'
import { movableClock } from '../movable-clock.ts'
import { pageStoreSuite } from './page-store.suite.ts'
import { openStored } from './stored.ts'

describe.each(databases)('sign pages on $name', (kind) => {
  const clock = movableClock()
  pageStoreSuite(clock, () => openStored(kind, clock))
})
