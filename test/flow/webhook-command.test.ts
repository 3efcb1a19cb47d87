import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { webhookCommand } from '../../src/cli/webhook-command.ts'
import { applicationStore } from '../../src/storage/application-store.ts'
import { deliveryStore } from '../../src/storage/delivery-store.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { attemptHeaders } from '../../src/webhook/attempt-headers.ts'
import { aNewApplication } from '../application-fixture.ts'

let folder: string
let databaseUrl: string
const { id: application, ...settings } = aNewApplication()
const failed = `msg_${randomUUID().replaceAll('-', '')}`

/** Leaves what a server would have that attempted a delivery once, with the answer of a mischievous receiver. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-'))
  databaseUrl = `sqlite:${join(folder, 'test.db')}`
  const database = await openDatabase({ url: databaseUrl })
  await applicationStore(database).create({ id: application, ...settings }, 'sealed')
  const store = deliveryStore(database)
  const now = await database.now()
  const owed = { id: failed, applicationId: application, payloadId: null, event: 'resolved' as const }
  await store.add({ ...owed, url: 'https://shop.test/hook', body: '{"meta":{}}', dueAt: now })
  const claim = randomUUID()
  await store.claim(application, 1, claim, 60_000)
  const attempt = { deliveryId: failed, number: 1, trigger: 'scheduled' as const, startedAt: now, duration: 42 }
  const answer = { status: 503, outcome: 'answered 503', succeeded: false, response: 'down \u001b[2Jfor now' }
  await store.record(claim, { ...attempt, ...answer }, { state: 'failed' })
  await database.close()
})
afterAll(() => rm(folder, { recursive: true }))

/** `countersign webhook …` in this process. @returns what it prints */
const run = async (...args: string[]): Promise<string> => {
  let printed = ''
  await webhookCommand((text) => (printed += text)).parseAsync(args, { from: 'user' })
  return printed
}
/** The same, on the database of this test. */
const webhook = (...args: string[]): Promise<string> => run(...args, '--database-url', databaseUrl)
const json = async (...args: string[]): Promise<any> => JSON.parse(await webhook(...args, '--json'))

describe('countersign webhook', () => {
  it('shows what failed, for programs and for people', async () => {
    expect(await json('list', '--state', 'failed')).toMatchObject([
      { id: failed, application_uuidv4: application, state: 'failed', attempt_count: 1 },
    ])
    expect(await webhook('list')).toMatch(new RegExp(`failed +1 attempt +resolved +${failed}`))
    expect(await json('show', failed)).toMatchObject({
      delivery: { id: failed, body: '{"meta":{}}' },
      attempts: [{ number: 1, status: 503, outcome: 'answered 503', response: 'down \u001b[2Jfor now' }],
    })
    const sheet = await webhook('show', failed)
    expect(sheet).toContain('42 ms  by itself  answered 503')
    // nothing that a receiver answers gives orders to the terminal
    expect(sheet).toContain('down \ufffd[2Jfor now')
  })

  it('repeats what failed since a time, once', async () => {
    expect(await json('redeliver', '--failed-since', '1h')).toEqual({ redelivered: 1 })
    expect(await webhook('redeliver', '--failed-since', '1h')).toBe('0 are owed again.\n')
    expect(await json('show', failed)).toMatchObject({ delivery: { state: 'owed' } })
    expect(await json('redeliver', failed)).toMatchObject({ delivery: { id: failed } })
  })

  it('sends a test event', async () => {
    const { delivery } = await json('test', application)
    expect(delivery).toMatchObject({ event: 'test', state: 'owed', url: 'https://shop.test/hook' })
  })

  it('explains why a webhook that arrived does not verify', async () => {
    const [headers, body] = [join(folder, 'headers.txt'), join(folder, 'body.json')]
    const [secret, now] = [randomUUID(), Date.UTC(2026, 0, 31, 12)]
    const sent = attemptHeaders(
      { id: failed, payloadId: null, body: '{"a":1}' },
      1,
      { current: secret, previous: null },
      now,
    )
    await writeFile(
      headers,
      Object.entries(sent)
        .map((header) => header.join(': '))
        .join('\n'),
    )
    const explain = async (given: string, ...options: string[]) => {
      await writeFile(body, given)
      return run('explain', '--headers', headers, '--body', body, '--secret', secret, ...options)
    }
    const at = ['--at', '2026-01-31T12:00:10Z']
    expect(await explain('{"a":1}', ...at)).toMatch(/^right +secret [^]*\n\nIt verifies\.\n$/)
    expect(await explain('{"a":1}')).toMatch(/WRONG +time [^]*It does not verify/)
    expect(JSON.parse(await explain('{"a": 1}', ...at, '--json'))).toMatchObject({ accepted: false })
    await expect(explain('{}', '--at', 'noon')).rejects.toThrow('--at must be')
  })

  it.each([
    [['show', 'nothing'], 'Nothing is known under this name.'],
    [['list', '--limit', '201'], 'limit must be'],
    [['redeliver'], 'give either the id of a delivery or --failed-since'],
    [['redeliver', '--failed-since', 'yesterday'], '--failed-since must be'],
    [['test', 'shop'], '"shop" is no API key'],
    [['test', randomUUID()], 'Nothing is known under this name.'],
  ])('says why it cannot: %j', async (args, why) => {
    await expect(webhook(...args)).rejects.toThrow(why)
  })
})
