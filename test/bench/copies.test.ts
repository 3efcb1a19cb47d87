import { describe, expect, it } from 'vitest'
import { payloadId } from '../../bench/database/payload-id.ts'
import { prepareDatabase } from '../../bench/database/prepared-database.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { deliveryStore } from '../../src/storage/delivery-store.ts'
import { payloadStore } from '../../src/storage/payload-store.ts'
import { databases } from '../databases.ts'

describe.each(databases)('payloads that the bench makes in bulk on $name', ({ name }) => {
  it('are under the ids that the load generator knows, with all that hangs on them', async () => {
    const prepared = await prepareDatabase(name)
    await prepared.addUnopened(1, 3)
    await prepared.addDelivered(5_000_000, 2)
    const database = await openDatabase({ url: prepared.url })
    const [payloads, deliveries] = [payloadStore(database), deliveryStore(database)]

    const unopened = await payloads.find(payloadId(3))
    expect(unopened?.payload).toMatchObject({ opens: [], outcome: null })
    const id = payloadId(5_000_001)
    const found = await payloads.find(id)
    expect(found?.payload.opens).toHaveLength(1)
    expect(found?.payload.outcome).toMatchObject({ kind: 'signed' })
    const told = await deliveries.list({ payloadId: id, limit: 10 })
    expect(told).toMatchObject([{ state: 'delivered', attempts: 1 }])
    expect((await deliveries.find(told[0]!.id))?.attempts).toHaveLength(1)

    await database.close()
    await prepared.drop()
  })
})
