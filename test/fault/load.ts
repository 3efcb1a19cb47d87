import { WalletApiError, WalletError } from '../../src/virtual-wallet/wallet-error.ts'
import type { ApplicationClient } from '../application-client.ts'
import type { Answered } from './answered.ts'
import { create, invite, steps, watch, type Busy } from './steps.ts'

/** Keeps the server busy until it is gone; rejects when it answers what it should not. */
export const keepBusy = (busy: Busy): Promise<void> => untilGone(() => doSomething(busy))

const doSomething = async (busy: Busy): Promise<void> => {
  const { answered, random } = busy
  if (random.oneIn(10)) await invite(busy)
  const latest = [...answered.payloads.values()].slice(-20)
  const payload = latest.length === 0 || random.oneIn(3) ? await create(busy) : random.choose(latest)
  answered.touched.add(payload)
  if (payload.subscribers.length === 0 && random.oneIn(2)) await watch(busy, payload)
  await random.choose(steps)(busy, payload)
}

/** Writes one number after another into the application's storage, until the server is gone. */
export const keepStoring = (application: ApplicationClient, { storage }: Answered): Promise<void> =>
  untilGone(async () => {
    storage.attempted++
    const { status } = await application.call('POST', 'app-storage', { n: storage.attempted })
    if (status !== 200) throw new Error(`storing was answered ${status}`)
    storage.answered = storage.attempted
  })

const untilGone = async (work: () => Promise<void>): Promise<void> => {
  try {
    for (;;) await work()
  } catch (error) {
    if (!isUnreachable(error)) throw error
  }
}

/** What fetch says of a connection that broke, and what the wallet's client makes of it. */
const isUnreachable = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof WalletError && !(error instanceof WalletApiError))
