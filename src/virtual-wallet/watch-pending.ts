import { setTimeout as wait } from 'node:timers/promises'
import type { Milliseconds } from '../clock.ts'
import type { JsonObject } from '../json.ts'
import type { OpenedFrom } from './payload-view.ts'
import type { SignOutcome } from './sign-flow.ts'
import type { WalletClient } from './wallet-client.ts'
import { WalletError } from './wallet-error.ts'

export interface WatchOptions {
  readonly auto: 'sign' | 'reject'
  readonly signal: AbortSignal
  /** Between two looks at what is pending; a second when left out. */
  readonly every?: Milliseconds
  readonly onEvent?: (event: WatchEvent) => void
}

export type WatchEvent =
  | { readonly event: 'signed'; readonly outcome: SignOutcome }
  | { readonly event: 'rejected'; readonly uuid: string }
  /** A sign request that could not be answered, which is not tried again; or the list itself, when `uuid` is null. */
  | { readonly event: 'failed'; readonly uuid: string | null; readonly error: WalletError }

/** What can answer sign requests: a virtual wallet. */
export interface Answering {
  readonly client: Pick<WalletClient, 'pendingPayloads'>
  sign(uuid: string, entered: JsonObject, from: OpenedFrom): Promise<SignOutcome>
  reject(uuid: string, reason: string | undefined, from: OpenedFrom): Promise<void>
}

/** Answers every sign request that is pushed to the wallet's user, one after the other, until the signal ends it. */
export const watchPending = async (
  wallet: Answering,
  { auto, signal, every = 1_000, onEvent = () => undefined }: WatchOptions,
): Promise<void> => {
  let tried = new Set<string>()
  const isOver = (): boolean => signal.aborted
  while (!isOver()) {
    const pending = await attempt(() => wallet.client.pendingPayloads(), null, onEvent)
    const uuids = (pending ?? []).map(({ meta }) => meta.uuid)
    for (const uuid of uuids.filter((one) => !tried.has(one))) {
      if (isOver()) return
      const answered = await attempt(() => answer(wallet, uuid, auto), uuid, onEvent)
      if (answered !== null) onEvent(answered)
    }
    if (pending !== null) tried = new Set(uuids)
    await wait(every, undefined, { signal }).catch(() => undefined)
  }
}

const answer = async (wallet: Answering, uuid: string, auto: 'sign' | 'reject'): Promise<WatchEvent> => {
  if (auto === 'sign') return { event: 'signed', outcome: await wallet.sign(uuid, {}, 'EVENT_LIST') }
  await wallet.reject(uuid, undefined, 'EVENT_LIST')
  return { event: 'rejected', uuid }
}

const attempt = async <T>(
  work: () => Promise<T>,
  uuid: string | null,
  onEvent: (event: WatchEvent) => void,
): Promise<T | null> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof WalletError)) throw error
    onEvent({ event: 'failed', uuid, error })
    return null
  }
}
