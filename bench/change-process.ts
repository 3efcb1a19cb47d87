import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { applicationStore } from '../src/storage/application-store.ts'
import { openDatabase } from '../src/storage/open-database.ts'
import { payloadStore } from '../src/storage/payload-store.ts'
import { aNewApplication } from '../test/application-fixture.ts'
import { aPayload } from '../test/payload-fixture.ts'
import { inParallel } from './requests.ts'

/** Another node of the same database: creates payloads, and opens them at a steady rate when it is told to. */
export interface ToChange {
  readonly ids: readonly string[]
  readonly perSecond: number
}

const atOnce = 10
const { url, payloads: count } = JSON.parse(process.env['BENCH_CHANGES']!) as { url: string; payloads: number }
const database = await openDatabase({ url })
const payloads = payloadStore(database)
const applicationId = (await applicationStore(database).create(aNewApplication(), 'sealed')).id
const { request, customMeta } = aPayload()

const ids: string[] = []
await inParallel(count, atOnce, async () => {
  const id = randomUUID()
  const payload = { id, applicationId, request, customMeta, pushedTo: null, lifetime: 3_600_000 }
  await payloads.create(payload, () => [])
  ids.push(id)
})

const pool = new pg.Pool({ connectionString: url, max: atOnce })

/** What an open writes, in one statement and one transaction: the rate is to be had on a small machine, too. */
const change = (id: string): Promise<unknown> =>
  pool.query({
    name: 'open',
    text: `with opened as (
        insert into opens (payload_id, position, user_id, device_id, at, origin) values ($1, 0, 'alice', 'a phone', 0, 'QR')
      ) update payloads set changed_in = pg_current_xact_id()::text::bigint where id = $1`,
    values: [id],
  })

/** @returns the rate that was reached */
const changeAll = async ({ ids, perSecond }: ToChange): Promise<number> => {
  const begin = performance.now()
  await inParallel(ids.length, atOnce, async (index) => {
    const early = begin + (index / perSecond) * 1_000 - performance.now()
    if (early > 0) await setTimeout(early)
    await change(ids[index]!)
  })
  return (ids.length / (performance.now() - begin)) * 1_000
}

process.on('message', (message: ToChange) => void changeAll(message).then((rate) => process.send!(rate)))
process.on('disconnect', () => void Promise.all([database.close(), pool.end()]).then(() => process.exit(0)))
process.send!(ids)
