import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deliveryStore } from '../../src/storage/delivery-store.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { jsonOf, runCountersign, type CommandResult } from '../countersign-process.ts'

let folder: string
let application: string
let failed: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-'))
  const created = await command('app', 'create', '--name', 'Shop', '--webhook-url', 'https://shop.test/hook', '--json')
  application = jsonOf(created).api_key
  failed = await aFailedDelivery()
})
afterAll(() => rm(folder, { recursive: true }))

const databaseUrl = (): string => `sqlite:${join(folder, 'test.db')}`
const command = (...args: string[]): Promise<CommandResult> =>
  runCountersign(args, { folder, environment: { DATABASE_URL: databaseUrl() } })
const webhook = (...args: string[]): Promise<CommandResult> => command('webhook', ...args)

/** What a server that attempted it once would have left, the answer of a mischievous receiver included. */
const aFailedDelivery = async (): Promise<string> => {
  const database = await openDatabase({ url: databaseUrl() })
  const store = deliveryStore(database)
  const id = `msg_${randomUUID().replaceAll('-', '')}`
  const now = await database.now()
  await store.add({
    id,
    applicationId: application,
    payloadId: null,
    event: 'resolved',
    url: 'https://shop.test/hook',
    body: '{"meta":{}}',
    dueAt: now,
  })
  const claim = randomUUID()
  await store.claim(application, 1, claim, 60_000)
  await store.record(
    claim,
    {
      deliveryId: id,
      number: 1,
      trigger: 'scheduled',
      startedAt: now,
      duration: 42,
      status: 503,
      outcome: 'answered 503',
      succeeded: false,
      response: 'down \u001b[2Jfor now',
    },
    { state: 'failed' },
  )
  await database.close()
  return id
}

describe('countersign webhook', () => {
  it('shows what failed, for programs and for people', async () => {
    expect(jsonOf(await webhook('list', '--state', 'failed', '--json'))).toMatchObject([
      { id: failed, application_uuidv4: application, state: 'failed', attempt_count: 1 },
    ])
    expect((await webhook('list')).stdout).toMatch(new RegExp(`failed +1 attempt +resolved +${failed}`))
    expect(jsonOf(await webhook('show', failed, '--json'))).toMatchObject({
      delivery: { id: failed, body: '{"meta":{}}' },
      attempts: [{ number: 1, status: 503, outcome: 'answered 503', response: 'down \u001b[2Jfor now' }],
    })
    const sheet = (await webhook('show', failed)).stdout
    expect(sheet).toContain('42 ms  by itself  answered 503')
    // nothing that a receiver answers gives orders to the terminal
    expect(sheet).toContain('down \ufffd[2Jfor now')
  })

  it('repeats what failed since a time, once', async () => {
    expect(jsonOf(await webhook('redeliver', '--failed-since', '1h', '--json'))).toEqual({ redelivered: 1 })
    expect((await webhook('redeliver', '--failed-since', '1h')).stdout).toBe('0 are owed again.\n')
    expect(jsonOf(await webhook('show', failed, '--json'))).toMatchObject({ delivery: { state: 'owed' } })
    expect(jsonOf(await webhook('redeliver', failed, '--json'))).toMatchObject({ delivery: { id: failed } })
  })

  it('sends a test event', async () => {
    const { delivery } = jsonOf(await webhook('test', application, '--json'))
    expect(delivery).toMatchObject({ event: 'test', state: 'owed', url: 'https://shop.test/hook' })
  })

  it.each([
    [['show', 'nothing'], 'Nothing is known under this name.'],
    [['list', '--limit', '201'], 'limit must be'],
    [['redeliver'], 'give either the id of a delivery or --failed-since'],
    [['redeliver', '--failed-since', 'yesterday'], '--failed-since must be'],
    [['test', 'shop'], '"shop" is no API key'],
    [['test', randomUUID()], 'Nothing is known under this name.'],
  ])('says in one line why it cannot: %j', async (args, why) => {
    const { status, stdout, stderr } = await webhook(...args)
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain(why)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
