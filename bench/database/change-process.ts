import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { inParallel } from '../load/in-parallel.ts'
import { payloadId } from './payload-id.ts'

/** Another node of the same database: opens payloads at a steady rate when it is told to. */
export interface ToChange {
  readonly from: number
  readonly count: number
  readonly perSecond: number
}

const atOnce = 10
const pool = new pg.Pool({ connectionString: process.env['DATABASE']!, max: atOnce })

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
const changeAll = async ({ from, count, perSecond }: ToChange): Promise<number> => {
  const begin = performance.now()
  await inParallel(count, atOnce, async (index) => {
    const early = begin + (index / perSecond) * 1_000 - performance.now()
    if (early > 0) await setTimeout(early)
    await change(payloadId(from + index))
  })
  return (count / (performance.now() - begin)) * 1_000
}

process.on('message', (message: ToChange) => void changeAll(message).then((rate) => process.send!(rate)))
process.on('disconnect', () => void pool.end().then(() => process.exit(0)))
