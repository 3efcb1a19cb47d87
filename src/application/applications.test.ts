import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { isRefusal } from '../refusals.ts'
import type { ApplicationStore, ApplicationWithSecrets } from './application-store.ts'
import type { Application, ApplicationEvent } from './application.ts'
import { createApplications, type Issued } from './applications.ts'
import { createSecretBox } from './secret-box.ts'

/** The part of the store that these flows use, in memory. */
const memoryStore = () => {
  const rows = new Map<string, ApplicationWithSecrets>()
  const store = {
    create: async (application: Omit<Application, 'createdAt'>, sealedSecret: string) => {
      const created = { ...application, createdAt: rows.size }
      rows.set(created.id, { application: created, sealedSecret, sealedPreviousSecret: null })
      return created
    },
    find: async (id: string) => rows.get(id)?.application ?? null,
    findWithSecrets: async (id: string) => rows.get(id) ?? null,
    list: async () => [...rows.values()].map(({ application }) => application),
    update: async (id: string, settings: Partial<Application>) => {
      const row = rows.get(id)
      if (row === undefined) return null
      const application = { ...row.application, ...settings }
      rows.set(id, { ...row, application })
      return application
    },
    replaceSecret: async (id: string, sealedSecret: string, keepPrevious: number) => {
      const row = rows.get(id)
      if (row === undefined) return false
      rows.set(id, { ...row, sealedSecret, sealedPreviousSecret: keepPrevious > 0 ? row.sealedSecret : null })
      return true
    },
  }
  return { rows, store: store as unknown as ApplicationStore }
}

const setUp = (secretRotation = 60_000) => {
  const { rows, store } = memoryStore()
  const secretBox = createSecretBox(Buffer.alloc(32, 7))
  return {
    rows,
    applications: createApplications({ applications: store, secretBox, newId: randomUUID, secretRotation }),
  }
}
const issued = (answer: Issued | object): Issued => {
  if (isRefusal(answer)) throw new Error(answer.refused)
  return answer as Issued
}

test('a new application has a key and a secret, both UUIDs, and the secret is not stored in the clear', async () => {
  const { rows, applications } = setUp()
  const { application, apiSecret } = issued(await applications.create({ name: 'Shop' }))
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
  expect(application.id).toMatch(uuid)
  expect(apiSecret).toMatch(uuid)
  expect(application).toMatchObject({ name: 'Shop', description: '', webhookUrl: '', disabled: false })
  expect(JSON.stringify([...rows])).not.toContain(apiSecret)
  expect(await applications.readSecrets(application.id)).toEqual({ current: apiSecret, previous: null })
})

describe('authentication', () => {
  test('takes key and secret in any case', async () => {
    const { applications } = setUp()
    const { application, apiSecret } = issued(await applications.create({ name: 'Shop' }))
    expect(await applications.authenticate(application.id.toUpperCase(), apiSecret.toUpperCase())).toEqual(application)
  })

  test('does not tell a wrong key from a wrong secret', async () => {
    const { applications } = setUp()
    const one = issued(await applications.create({ name: 'One' }))
    const two = issued(await applications.create({ name: 'Two' }))
    const wrongKey = await applications.authenticate(randomUUID(), one.apiSecret)
    const wrongSecret = await applications.authenticate(one.application.id, two.apiSecret)
    expect(wrongKey).toEqual({ refused: 'credentialsWrong' })
    expect(wrongSecret).toEqual(wrongKey)
  })

  test.each([undefined, '', 'not a uuid', ['a', 'b']])('refuses %j as key or secret', async (malformed) => {
    const { applications } = setUp()
    const { application, apiSecret } = issued(await applications.create({ name: 'Shop' }))
    const missing = { refused: 'credentialsMissing' }
    expect(await applications.authenticate(malformed, apiSecret)).toEqual(missing)
    expect(await applications.authenticate(application.id, malformed)).toEqual(missing)
  })

  test('says disabled only to who knows the secret', async () => {
    const { applications } = setUp()
    const { application, apiSecret } = issued(await applications.create({ name: 'Shop' }))
    await applications.update(application.id, { disabled: true })
    expect(await applications.authenticate(application.id, apiSecret)).toEqual({ refused: 'applicationDisabled' })
    expect(await applications.authenticate(application.id, randomUUID())).toEqual({ refused: 'credentialsWrong' })
    await applications.update(application.id, { disabled: false })
    expect(await applications.authenticate(application.id, apiSecret)).toMatchObject({ id: application.id })
  })

  test('knows only the newest secret', async () => {
    const { applications } = setUp()
    const first = issued(await applications.create({ name: 'Shop' }))
    const second = issued(await applications.rotateSecret(first.application.id.toUpperCase()))
    expect(second.apiSecret).not.toBe(first.apiSecret)
    expect(await applications.authenticate(first.application.id, first.apiSecret)).toEqual({
      refused: 'credentialsWrong',
    })
    expect(await applications.authenticate(first.application.id, second.apiSecret)).toEqual(first.application)
  })
})

describe('after a rotation', () => {
  test('the secret before still signs webhooks, though it authenticates nobody', async () => {
    const { applications } = setUp()
    const first = issued(await applications.create({ name: 'Shop' }))
    const { id } = first.application
    const second = issued(await applications.rotateSecret(id))
    expect(await applications.readSecrets(id)).toEqual({ current: second.apiSecret, previous: first.apiSecret })
    expect(await applications.authenticate(id, first.apiSecret)).toEqual({ refused: 'credentialsWrong' })
  })

  test('the secret before signs nothing when rotation takes no time', async () => {
    const { applications } = setUp(0)
    const { id } = issued(await applications.create({ name: 'Shop' })).application
    const { apiSecret } = issued(await applications.rotateSecret(id))
    expect(await applications.readSecrets(id)).toEqual({ current: apiSecret, previous: null })
  })
})

test('nobody has secrets who is not there', async () => {
  expect(await setUp().applications.readSecrets(randomUUID())).toBeNull()
})

test.each([
  [{ name: '' }],
  [{ name: '  ' }],
  [{ name: 'x'.repeat(101) }],
  [{ name: 'a\0b' }],
  [{ name: 'Shop', webhookUrl: 'ftp://shop.test' }],
  [{ name: 'Shop', webhookUrl: 'not a url' }],
  [{ name: 'Shop', iconUrl: 'javascript:alert(1)' }],
  [{ name: 'Shop', eventsUrl: 'ftp://shop.test' }],
  [{ name: 'Shop', events: ['opened', 'opened'] as const }],
  [{ name: 'Shop', events: ['resolved'] as unknown as ApplicationEvent[] }],
  [{ name: 'Shop', description: 'x'.repeat(1001) }],
])('settings that cannot be are refused: %j', async (settings) => {
  const { applications } = setUp()
  expect(await applications.create(settings)).toMatchObject({ refused: 'optionInvalid' })
  const { application } = issued(await applications.create({ name: 'Shop' }))
  expect(await applications.update(application.id, settings)).toMatchObject({ refused: 'optionInvalid' })
})

test.each([randomUUID(), 'not a uuid'])('an application that is not there cannot be changed: %s', async (id) => {
  const { applications } = setUp()
  expect(await applications.update(id, { name: 'Shop' })).toEqual({ refused: 'notFound' })
  expect(await applications.rotateSecret(id)).toEqual({ refused: 'notFound' })
})
