import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangePosition } from '../../src/payload/payload-store.ts'
import { databases } from '../databases.ts'
import { movableClock } from '../movable-clock.ts'
import { payloadChangesSuite } from './payload-changes.suite.ts'
import { openStored } from './stored.ts'

describe.each(databases)('payloads that change, on $name', (kind) => {
  const clock = movableClock()
  payloadChangesSuite(clock, () => openStored(kind, clock))
})

describe.each(databases.filter(({ name }) => name === 'PostgreSQL'))('on $name', (kind) => {
  let stored: Awaited<ReturnType<typeof openStored>>
  let stopped: pg.Client
  let other: pg.Client

  beforeAll(async () => {
    stored = await openStored(kind, movableClock())
    ;[stopped, other] = [new pg.Client(stored.url), new pg.Client(stored.url)]
    await Promise.all([stopped.connect(), other.connect()])
  })
  afterAll(async () => {
    await Promise.all([stopped.end(), other.end()])
    await stored.close()
  })

  const create = () => stored.addPayload()
  const touch = (client: pg.Client, id: string, mark = 'pg_current_xact_id()::text::bigint') =>
    client.query(`update payloads set changed_in = ${mark} where id = $1`, [id])
  const read = async (since: ChangePosition | null) => {
    const { changed, until } = await stored.payloads.readChanges(since)
    return { ids: changed.map(({ payloadId }) => payloadId), until }
  }

  it('a change that is held up between its statement and its commit is found when it commits, however late', async () => {
    const [held, quick] = [await create(), await create()]
    await stopped.query('begin')
    await touch(stopped, held)
    let { until: position } = await read(null)
    for (let round = 0; round < 3; round++) {
      await touch(other, quick)
      const { ids, until } = await read(position)
      // what has been seen is not listed again because another transaction is still under way
      expect(ids).toEqual([quick])
      position = until
    }
    await stopped.query('commit')
    const { ids, until } = await read(position)
    expect(ids).toEqual([held])
    expect((await read(until)).ids).toEqual([])
  })

  it('a change that is rolled back is never listed', async () => {
    const id = await create()
    const { until } = await read(null)
    await stopped.query('begin')
    await touch(stopped, id)
    await stopped.query('rollback')
    await touch(other, await create())
    expect((await read(until)).ids).not.toContain(id)
  })

  it('marks that came with a backup of another cluster are not taken for changes', async () => {
    const restored = await create()
    await touch(other, restored, '9000000000000000')
    const { until } = await read(null)
    const changed = await create()
    await touch(other, changed)
    expect((await read(until)).ids).toEqual([changed])
  })

  it('an index answers what changed lately', async () => {
    const { rows } = await other
      .query<{ 'QUERY PLAN': string }>(
        `set enable_seqscan = off; explain select id from payloads
        where (changed_in >= 5::bigint and changed_in < 9::bigint or changed_in = any('{1,2}'::bigint[]))`,
      )
      .then((results) => (results as unknown as pg.QueryResult<{ 'QUERY PLAN': string }>[])[1]!)
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('payloads_changed')
  })
})
