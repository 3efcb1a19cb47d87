import { setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'
import { isJsonObject, type JsonObject } from '../../src/json.ts'
import { callWalletApi } from '../../src/virtual-wallet/wallet-call.ts'
import { WalletClient, bearerOf } from '../../src/virtual-wallet/wallet-client.ts'
import type { ApplicationClient } from '../application-client.ts'
import { StatusSubscriber } from '../status-subscriber.ts'

/** What a client knows of a payload, since it was answered 200. */
export interface KnownPayload {
  readonly uuid: string
  readonly submit: boolean
  /** Parts of its Details that hold from then on. */
  readonly promised: JsonObject[]
  /** The user started signing. */
  preSigned: boolean
  /** Who watched it when the server was ended. */
  subscribers: StatusSubscriber[]
}

export interface KnownDevice {
  client: WalletClient
  /** Of its last call that was answered. */
  answeredCounter: number
}

/** What clients were answered, and so may rely on, whatever becomes of the process. */
export class Answered {
  readonly payloads = new Map<string, KnownPayload>()
  /** Those that somebody did something with since the last check. */
  readonly touched = new Set<KnownPayload>()
  readonly devices = new Set<KnownDevice>()
  /** `<user uuid>.<device uuid>` of devices that were invited and not activated. */
  invitations: string[] = []
  /** What is stored for the application: a number that only rises. */
  readonly storage = { attempted: 0, answered: 0 }
  /** How many calls were answered. */
  count = 0

  async reach(count: number): Promise<void> {
    while (this.count < count) await setTimeout(2)
  }

  /** Everything is there, on the server that was started after the last one was ended. */
  async expectKept(url: string, application: ApplicationClient): Promise<void> {
    await this.#expectStorage(application)
    await this.#expectInvitations(url)
    for (const device of this.devices) await expectDevice(device, url)
    for (const payload of this.touched) await expectPayload(payload, url, application)
    this.devices.clear()
    this.touched.clear()
  }

  async #expectStorage(application: ApplicationClient): Promise<void> {
    const { attempted, answered } = this.storage
    const { status, body } = await application.call('GET', 'app-storage')
    expect(status).toBe(200)
    const stored: number = body.data?.n ?? 0
    expect(stored).toBeGreaterThanOrEqual(answered)
    expect(stored).toBeLessThanOrEqual(attempted)
  }

  async #expectInvitations(url: string): Promise<void> {
    for (const authorization of this.invitations) {
      const body = { uniqueDeviceIdentifier: 'a phone', devicePlatform: 'ios', devicePushToken: '' }
      const activation = {
        server: url,
        method: 'POST',
        path: '/activate-device',
        headers: { authorization },
        body,
      } as const
      expect(await callWalletApi(activation, {})).toMatchObject({ activated: true, locked: false })
    }
    this.invitations = []
  }
}

/** It is known, with its next number; the one that was answered last is not taken again. */
const expectDevice = async (device: KnownDevice, url: string): Promise<void> => {
  const { answeredCounter } = device
  device.client = new WalletClient({ ...device.client.identity, server: url })
  expect(await device.client.ping()).toMatchObject({ pong: true })
  device.answeredCounter = device.client.identity.counter
  if (answeredCounter === 0) return
  const authorization = bearerOf({ ...device.client.identity, counter: answeredCounter })
  const replay = callWalletApi({ server: url, method: 'POST', path: '/ping', headers: { authorization }, body: {} }, {})
  await expect(replay).rejects.toMatchObject({ code: 830 })
}

const expectPayload = async (payload: KnownPayload, url: string, application: ApplicationClient): Promise<void> => {
  const details = await application.details(payload.uuid)
  for (const promise of payload.promised) expect(details).toMatchObject(promise)
  payload.promised.push(settled(details))

  const subscriber = await StatusSubscriber.connect(url, payload.uuid)
  const [welcome, time, ...facts] = await subscriber.everything()
  subscriber.vanish()
  expect(welcome).toEqual({ message: `Welcome ${payload.uuid}` })
  const { meta } = details
  expect(time).toEqual(meta.expired ? { expired: true } : { expires_in_seconds: expect.any(Number) })
  const preSigned = facts.some((fact) => 'pre_signed' in fact)
  expect(facts).toEqual([
    ...(meta.app_opened ? [{ opened: true }] : []),
    ...(preSigned ? [{ pre_signed: true }] : []),
    ...(meta.signed && payload.submit ? [{ dispatched: true }] : []),
    ...(meta.resolved ? [expect.objectContaining({ signed: meta.signed, txid: details.response.txid })] : []),
  ])
  if (payload.preSigned) expect(preSigned).toBe(true)
  for (const { told } of payload.subscribers) {
    const before = told.filter((message) => factKeys.some((key) => key in message))
    // once each, in order, and still so
    expect(facts.filter((fact) => before.some((one) => JSON.stringify(one) === JSON.stringify(fact)))).toEqual(before)
  }
  payload.subscribers = []
}

const factKeys = ['opened', 'pre_signed', 'dispatched', 'signed']

/** What Details say that never changes again: not what was merely not yet so, nor times that a cancellation moves. */
export const settled = (details: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(details)
      .filter(([key, value]) => value !== null && value !== false && !moving.includes(key))
      .map(([key, value]) => [key, isJsonObject(value) ? settled(value) : value]),
  )

const moving = ['expires_at', 'expires_in_seconds']
