import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deliveryStore } from '../../src/storage/delivery-store.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { migrations } from '../../src/storage/migrations/migrations.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { databases } from '../databases.ts'
import { environmentToGoOn, expectItGoesOn } from '../fixtures/goes-on.ts'
import { readRecordedSchema, repeatRuns, type RecordedSchema } from '../fixtures/recorded-schema.ts'
import type { TemporaryDatabase } from '../postgres.ts'
import { WebhookReceiver } from '../webhook-receiver.ts'

/** Schemas of which there is a recording. */
const recordedSchemas = [2]

const cases = databases.flatMap((kind) =>
  recordedSchemas.flatMap((schema) => [
    { ...kind, schema, when: 'before the upgrade' },
    { ...kind, schema, when: 'beside newer nodes, after it' },
  ]),
)

describe.each(cases)('what schema $schema was used for $when, on $name', ({ name, create, schema, when }) => {
  let temporary: TemporaryDatabase
  let receiver: WebhookReceiver
  let recorded: RecordedSchema
  let server: TestServer

  beforeEach(async () => {
    receiver = new WebhookReceiver()
    const hook = await receiver.start()
    recorded = readRecordedSchema(schema, name === 'SQLite' ? 'sqlite' : 'postgres', new URL(hook).origin)
    temporary = await create()
    const old = await openDatabase({ url: temporary.url, migrate: 'none' })
    await migrate(old, { known: migrations.filter(({ number }) => number <= schema) })
    if (when === 'before the upgrade') await repeatRuns(old, recorded)
    const upgraded = await openDatabase({ url: temporary.url, migrate: 'additive' })
    if (when !== 'before the upgrade') await repeatRuns(old, recorded)
    await old.close()
    const store = deliveryStore(upgraded)
    for (const one of recorded.known.deliveries) expect(await store.find(one.delivery.id)).toEqual(one)
    await upgraded.close()

    server = await startTestServer({
      mode: 'serve',
      environment: { DATABASE_URL: temporary.url, ...environmentToGoOn },
    })
  })
  afterEach(async () => {
    await server.close()
    await receiver.stop()
    await temporary.drop()
  })

  it('is answered as it was, and goes on', () => expectItGoesOn(server, recorded.known, receiver))
})
