import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Application } from '../../src/application/application.ts'
import type { ApplicationStore } from '../../src/application/application-store.ts'
import type { UserToken } from '../../src/application/user-token.ts'
import type { PayloadStore } from '../../src/payload/payload-store.ts'
import { aNewApplication } from '../application-fixture.ts'
import type { MovableClock } from '../movable-clock.ts'
import { aPayload } from '../payload-fixture.ts'

/** What the suite needs of an implementation: an empty store whose clock is `clock`, and what grants tokens. */
export interface ApplicationStoreFixture {
  readonly applications: ApplicationStore
  readonly payloads: PayloadStore
  addUser(activated?: boolean): Promise<string>
  close(): Promise<void>
}

const day = 24 * 60 * 60 * 1000

/** The contract of `ApplicationStore`, for every implementation. */
export const applicationStoreSuite = (
  clock: MovableClock,
  openFixture: () => Promise<ApplicationStoreFixture>,
): void => {
  let fixture: ApplicationStoreFixture
  let applications: ApplicationStore

  beforeAll(async () => {
    fixture = await openFixture()
    applications = fixture.applications
  })
  afterAll(() => fixture.close())

  const create = (): Promise<Application> => applications.create(aNewApplication(), 'sealed')

  it('keeps what was created, its secret apart', async () => {
    const asked = aNewApplication({
      disabled: true,
      bindSignIn: true,
      pushedUserOnly: true,
      eventsUrl: 'https://shop.test/events',
      events: ['refused', 'opened'],
      honourRetryAfter: true,
      endOnGone: true,
      requireHttps: true,
    })
    const created = await applications.create(asked, 'a sealed secret')
    expect(created).toEqual({ ...asked, createdAt: clock.time })
    expect(await applications.find(created.id)).toEqual(created)
    expect(await applications.findWithSecrets(created.id)).toEqual({
      application: created,
      sealedSecret: 'a sealed secret',
      sealedPreviousSecret: null,
    })
  })

  it('lists applications oldest first', async () => {
    const before = await applications.list()
    clock.time += 1_000
    const first = await create()
    clock.time += 1_000
    const second = await create()
    expect(await applications.list()).toEqual([...before, first, second])
  })

  it('changes the settings that are given and leaves the others', async () => {
    const created = await create()
    const updated = await applications.update(created.id, { name: 'Other shop', disabled: true })
    expect(updated).toEqual({ ...created, name: 'Other shop', disabled: true })
    expect(await applications.update(created.id, {})).toEqual(updated)
    expect(await applications.find(created.id)).toEqual(updated)
  })

  it('loses no setting when several are changed at once', async () => {
    const { id } = await create()
    await Promise.all([
      applications.update(id, { name: 'Renamed' }),
      applications.update(id, { disabled: true }),
      applications.update(id, { bindSignIn: true }),
    ])
    expect(await applications.find(id)).toMatchObject({ name: 'Renamed', disabled: true, bindSignIn: true })
  })

  it('replaces the sealed secret, and keeps the one before for as long as it is told to', async () => {
    const { id } = await create()
    const secrets = async () => {
      const { sealedSecret, sealedPreviousSecret } = (await applications.findWithSecrets(id))!
      return [sealedSecret, sealedPreviousSecret]
    }
    expect(await applications.replaceSecret(id, 'second', day)).toBe(true)
    expect(await secrets()).toEqual(['second', 'sealed'])
    clock.time += day - 1
    expect(await secrets()).toEqual(['second', 'sealed'])
    clock.time += 1
    expect(await secrets()).toEqual(['second', null])
    await applications.replaceSecret(id, 'third', day)
    await applications.replaceSecret(id, 'fourth', day)
    expect(await secrets()).toEqual(['fourth', 'third'])
    await applications.replaceSecret(id, 'fifth', 0)
    expect(await secrets()).toEqual(['fifth', null])
  })

  it('says so when there is no such application', async () => {
    const id = randomUUID()
    expect(await applications.find(id)).toBeNull()
    expect(await applications.findWithSecrets(id)).toBeNull()
    expect(await applications.update(id, { name: 'Nobody' })).toBeNull()
    expect(await applications.replaceSecret(id, 'sealed', day)).toBe(false)
    expect(await applications.readData(id)).toBeNull()
  })

  it('keeps one JSON object per application, the order of its keys included', async () => {
    const [{ id }, other] = [await create(), await create()]
    expect(await applications.readData(id)).toBeNull()
    await applications.writeData(id, { z: 1, a: { nested: [true, null, 'ü'] } })
    expect(JSON.stringify(await applications.readData(id))).toBe('{"z":1,"a":{"nested":[true,null,"ü"]}}')
    await applications.writeData(id, { replaced: true })
    expect(await applications.readData(id)).toEqual({ replaced: true })
    expect(await applications.readData(other.id)).toBeNull()
    await applications.writeData(id, null)
    await applications.writeData(id, null)
    expect(await applications.readData(id)).toBeNull()
  })

  describe('user tokens', () => {
    /** As a signature with permission to push does it. */
    const grant = async (applicationId: string, userId: string): Promise<UserToken> => {
      const { request, customMeta } = aPayload()
      const id = randomUUID()
      await fixture.payloads.create(
        { id, applicationId, request, customMeta, pushedTo: null, lifetime: 60_000 },
        () => [],
      )
      const userToken = { token: randomUUID(), issuedAt: clock.time, expiresAt: clock.time + day }
      await fixture.payloads.change(id, userId, ({ payload }) => ({ payload, userToken }))
      return userToken
    }

    it('are active while valid and their user has an active device', async () => {
      const { id } = await create()
      const userId = await fixture.addUser()
      const token = await grant(id, userId)
      const find = () => applications.findUserToken(id, token.token)
      expect(await find()).toEqual({ ...token, userId, active: true })
      clock.time = token.expiresAt - 1
      expect(await find()).toMatchObject({ active: true })
      clock.time = token.expiresAt
      expect(await find()).toMatchObject({ active: false })
    })

    it('are inactive while their user has no active device', async () => {
      const { id } = await create()
      const token = await grant(id, await fixture.addUser(false))
      expect(await applications.findUserToken(id, token.token)).toMatchObject({ active: false })
    })

    it('are known to the application that issued them alone', async () => {
      const [{ id }, other] = [await create(), await create()]
      const { token } = await grant(id, await fixture.addUser())
      expect(await applications.findUserToken(other.id, token)).toBeNull()
      expect(await applications.findUserToken(id, randomUUID())).toBeNull()
    })

    it('are listed for their user with the application, oldest first, while valid', async () => {
      const [first, second] = [await create(), await create()]
      const userId = await fixture.addUser()
      const older = await grant(first.id, userId)
      clock.time += 1_000
      const newer = await grant(second.id, userId)
      await grant(first.id, await fixture.addUser())
      expect(await applications.listGrants(userId)).toEqual([
        { application: first, userToken: older, now: clock.time },
        { application: second, userToken: newer, now: clock.time },
      ])
      clock.time = older.expiresAt
      expect(await applications.listGrants(userId)).toEqual([
        { application: second, userToken: newer, now: clock.time },
      ])
    })

    it('are worth nothing once revoked', async () => {
      const { id } = await create()
      const userId = await fixture.addUser()
      const { token } = await grant(id, userId)
      expect(await applications.revokeGrant(userId, id)).toBe(true)
      expect(await applications.findUserToken(id, token)).toBeNull()
      expect(await applications.listGrants(userId)).toEqual([])
      expect(await applications.revokeGrant(userId, id)).toBe(false)
    })
  })
}
