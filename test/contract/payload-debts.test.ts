import { describe } from 'vitest'
import { databases } from '../databases.ts'
import { movableClock } from '../movable-clock.ts'
import { payloadDebtsSuite } from './payload-debts.suite.ts'
import { openStored } from './stored.ts'

describe.each(databases)('webhooks owed by payloads on $name', (kind) => {
  const clock = movableClock()
  payloadDebtsSuite(clock, () => openStored(kind, clock))
})
