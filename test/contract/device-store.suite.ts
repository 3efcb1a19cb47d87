import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Milliseconds } from '../../src/clock.ts'
import { unusedWindow, useCounter } from '../../src/device/counter-window.ts'
import type { Device, InvitedDevice, RegisteredDevice } from '../../src/device/device.ts'
import type { DeviceStore } from '../../src/device/device-store.ts'
import { noRefreshHashes } from '../../src/device/refresh.ts'
import type { MovableClock } from '../movable-clock.ts'

/** What the suite needs of an implementation: an empty store whose clock is `clock`. */
export interface DeviceStoreFixture {
  readonly devices: DeviceStore
  close(): Promise<void>
}

const hour: Milliseconds = 60 * 60 * 1000

/** The contract of `DeviceStore`, for every implementation. */
export const deviceStoreSuite = (clock: MovableClock, openFixture: () => Promise<DeviceStoreFixture>): void => {
  let fixture: DeviceStoreFixture
  let store: DeviceStore

  beforeAll(async () => {
    fixture = await openFixture()
    store = fixture.devices
  })
  afterAll(() => fixture.close())

  const addUser = (): Promise<InvitedDevice> =>
    store.addUser(
      { userId: crypto.randomUUID(), activationId: crypto.randomUUID(), deviceId: crypto.randomUUID() },
      hour,
    )
  const addDevice = async (userId: string, limit = 8): Promise<InvitedDevice> => {
    const added = await store.addDevice(userId, crypto.randomUUID(), hour, limit)
    if ('refused' in added) throw new Error(added.refused)
    return added
  }
  const find = async (id: string): Promise<Device | null> => {
    const read = await store.change({ id }, (device) => ({ answer: device }))
    return read?.answer ?? null
  }
  const write = (device: Device): Promise<unknown> => store.change({ id: device.id }, () => ({ device, answer: null }))
  const register = async (invited: InvitedDevice, state: 'active' | 'locked' = 'active'): Promise<RegisteredDevice> => {
    const { id, userId, activationId, createdAt } = invited
    const device: RegisteredDevice = {
      ...{ id, userId, activationId, createdAt, state },
      uniqueDeviceIdentifier: 'phone 📱',
      platform: 'ios',
      pushToken: '',
      accessTokenHash: crypto.randomUUID(),
      counter: unusedWindow,
      refreshHashes: noRefreshHashes,
    }
    await write(device)
    return device
  }

  /** Whatever other tests left invited. */
  const forgetAll = async (): Promise<void> => {
    clock.time += hour
    while ((await store.removeStale(100)) > 0);
  }

  it('keeps a new user with a device to activate', async () => {
    const device = await addUser()
    expect(device).toMatchObject({
      state: 'invited',
      createdAt: clock.time,
      activateBy: clock.time + hour,
      startsLocked: false,
    })
    expect(await find(device.id)).toEqual(device)
  })

  it('keeps everything about a registered device', async () => {
    const device = await register(await addUser())
    const used: RegisteredDevice = {
      ...device,
      pushToken: 'x'.repeat(4096),
      counter: { highest: Number.MAX_SAFE_INTEGER, used: 2n ** 64n - 1n },
      refreshHashes: { last: 'a', lastButOne: 'b', used: true },
    }
    await write(used)
    expect(await find(device.id)).toEqual(used)
  })

  it('finds a device by the hash of its access token', async () => {
    const device = await register(await addUser())
    const read = await store.change({ accessTokenHash: device.accessTokenHash }, (found) => ({ answer: found }))
    expect(read).toEqual({ answer: device })
    expect(await store.change({ accessTokenHash: 'another' }, () => ({ answer: true }))).toBeNull()
  })

  it("tells a step the database's time", async () => {
    const { id } = await addUser()
    expect(await store.change({ id }, (_, at) => ({ answer: at }))).toEqual({ answer: clock.time })
  })

  it('removes a device when the step says so', async () => {
    const device = await addDevice((await addUser()).userId)
    expect(await store.change({ id: device.id }, () => ({ device: null, answer: 'gone' }))).toEqual({ answer: 'gone' })
    expect(await find(device.id)).toBeNull()
  })

  it('lets exactly one of many uses of a counter at once win', async () => {
    const { id } = await register(await addUser())
    const use = (counter: number) =>
      store.change({ id }, (device) => {
        if (device.state === 'invited') throw new Error('invited')
        const window = useCounter(device.counter, counter)
        return window === null ? { answer: 0 } : { device: { ...device, counter: window }, answer: 1 }
      })
    const counters = Array.from({ length: 20 }, (_, index) => 1 + (index % 4))
    const answers = await Promise.all(counters.map(use))
    expect(answers.reduce((sum, one) => sum + one!.answer, 0)).toBe(4)
    expect(await find(id)).toMatchObject({ counter: { highest: 4, used: 0b1111n } })
  })

  it('adds devices up to the limit, also when asked for many at once', async () => {
    const { userId } = await addUser()
    const added = await Promise.all(
      Array.from({ length: 6 }, () => store.addDevice(userId, crypto.randomUUID(), hour, 4)),
    )
    expect(added.filter((one) => 'refused' in one)).toEqual(Array(3).fill({ refused: 'tooManyDevices' }))
    expect(added.find((one) => !('refused' in one))).toMatchObject({ userId, startsLocked: true })
  })

  it('counts no invitation whose time has passed', async () => {
    const first = await register(await addUser())
    await addDevice(first.userId, 2)
    clock.time += hour
    expect(await addDevice(first.userId, 2)).toMatchObject({ state: 'invited' })
  })

  it('adds no device to a user who is gone', async () => {
    expect(await store.addDevice(crypto.randomUUID(), crypto.randomUUID(), hour, 8)).toEqual({
      refused: 'deviceUnknown',
    })
  })

  it('lists those that are locked or invited, oldest first', async () => {
    const { userId } = await register(await addUser())
    await addDevice(userId)
    clock.time += hour
    const locked = await register(await addDevice(userId), 'locked')
    clock.time += 1
    const invited = await addDevice(userId)
    expect(await store.listPending(userId)).toEqual([locked, invited])
    expect(await store.listPending(crypto.randomUUID())).toEqual([])
  })

  it('forgets users whose first device was not activated in time, and nobody else', async () => {
    await forgetAll()
    const late = await addUser()
    const registered = await register(await addUser())
    const further = await addDevice(registered.userId)
    clock.time += hour - 1
    const fresh = await addUser()
    expect(await store.removeStale(100)).toBe(0)
    clock.time += 1
    expect(await store.removeStale(100)).toBe(2)
    expect(await Promise.all([late, further].map(({ id }) => find(id)))).toEqual([null, null])
    expect(await store.addDevice(late.userId, crypto.randomUUID(), hour, 8)).toEqual({ refused: 'deviceUnknown' })
    expect(await Promise.all([registered, fresh].map(({ id }) => find(id)))).toEqual([registered, fresh])
  })

  it('forgets no more at a time than it is told', async () => {
    await forgetAll()
    await Promise.all([addUser(), addUser(), addUser()])
    clock.time += hour
    expect([await store.removeStale(2), await store.removeStale(2), await store.removeStale(2)]).toEqual([2, 1, 0])
  })
}
