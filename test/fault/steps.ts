import { randomUUID } from 'node:crypto'
import { callWalletApi, textAt } from '../../src/virtual-wallet/wallet-call.ts'
import type { WalletClient } from '../../src/virtual-wallet/wallet-client.ts'
import { WalletApiError } from '../../src/virtual-wallet/wallet-error.ts'
import { payment, signIn, type ApplicationClient } from '../application-client.ts'
import { StatusSubscriber } from '../status-subscriber.ts'
import { settled, type Answered, type KnownPayload } from './answered.ts'
import { registerBusyWallet, type BusyWallet } from './busy-wallet.ts'
import type { Random } from './random.ts'

/** Someone with an application and a wallet, on a server that may be gone at any moment. */
export interface Busy {
  readonly url: string
  readonly application: ApplicationClient
  readonly wallet: BusyWallet
  readonly answered: Answered
  readonly random: Random
}

export const create = async ({ application, answered, random }: Busy): Promise<KnownPayload> => {
  const submit = random.oneIn(2)
  const identifier = randomUUID()
  const uuid = await application.create({ txjson: submit ? payment : signIn, custom_meta: { identifier } })
  const promised = [{ meta: { uuid, submit }, custom_meta: { identifier } }]
  const payload = { uuid, submit, promised, preSigned: false, subscribers: [] }
  answered.payloads.set(uuid, payload)
  answered.count++
  return payload
}

export const invite = async ({ url, answered }: Busy): Promise<void> => {
  const added = await callWalletApi({ server: url, method: 'POST', path: '/add-user', body: {} }, {})
  answered.invitations.push(`${textAt(added, 'user', 'uuid')}.${textAt(added, 'device', 'uuid')}`)
  answered.count++
}

/** Who cannot connect to a server that is gone notices it with the next call. */
export const watch = async ({ url }: Busy, { uuid, subscribers }: KnownPayload): Promise<void> => {
  const subscriber = await StatusSubscriber.connect(url, uuid).catch(() => null)
  if (subscriber !== null) subscribers.push(subscriber)
}

/** Something that is done with a payload, and what its answer promises. */
type Step = (busy: Busy, payload: KnownPayload) => Promise<void>

/** Handled by another client, resolved, cancelled: what others did before explains it. */
const explained: readonly number[] = [403, 409, 510]

/** One call of the wallet; null when it was refused for good reason. */
const ask = async <T>({ wallet, answered }: Busy, call: (client: WalletClient) => Promise<T>): Promise<T | null> => {
  answered.devices.add(wallet)
  const answer = await call(wallet.client).catch((error: unknown) => {
    if (error instanceof WalletApiError && explained.includes(error.code)) return null
    throw error
  })
  wallet.answeredCounter = wallet.client.identity.counter
  answered.count++
  return answer
}

const open: Step = async (busy, payload) => {
  const { uuid } = payload
  if ((await ask(busy, (client) => client.fetchPayload(uuid))) === null) return
  payload.promised.push({ meta: { app_opened: true } })
  if (busy.wallet.opened.has(uuid)) payload.preSigned = true
  busy.wallet.opened.add(uuid)
}

const sign: Step = async (busy, { uuid, submit, promised }) => {
  const { signatures, account } = busy.wallet
  const signature = signatures[submit ? 'payment' : 'signIn']
  const patch = { ...signature, permission: { push: true, days: 30 }, origintype: 'QR' }
  const accepted = await ask(busy, (client) => client.patchPayload(uuid, patch))
  if (accepted === null) return
  if (!accepted.signed) throw new Error('a sound signature was not taken')
  const { signed_blob: hex, tx_id: txid } = signature
  promised.push({ meta: { app_opened: true, resolved: true, signed: true }, response: { hex, txid, account } })
  if (!submit) return
  const dispatched = { to: 'UNKNOWN NODE', nodetype: 'TESTNET', result: 'tesSUCCESS' }
  const reported = await ask(busy, (client) => client.patchPayload(uuid, { dispatched, origintype: 'QR' }))
  if (reported !== null) promised.push({ response: { dispatched_result: 'tesSUCCESS' } })
}

const reject: Step = async (busy, { uuid, promised }) => {
  const rejection = { reject: true, reject_initiator: 'USER', origintype: 'QR' }
  const rejected = await ask(busy, (client) => client.patchPayload(uuid, rejection))
  if (rejected !== null) promised.push({ meta: { app_opened: true, resolved: true, signed: false } })
}

const cancel: Step = async ({ application, answered }, { uuid, promised }) => {
  const { result } = await application.cancel(uuid)
  if (result.reason === 'OK') promised.push({ meta: { cancelled: true, expired: true, resolved: false } })
  answered.count++
}

const look: Step = async ({ application, answered }, { uuid, promised }) => {
  promised.push(settled(await application.details(uuid)))
  answered.count++
}

/** From here on with a new wallet; the one before is still known. */
const changeWallet: Step = async ({ url, wallet, answered }) => {
  const registered = await registerBusyWallet(url)
  answered.devices.add({ client: wallet.client, answeredCounter: wallet.answeredCounter })
  Object.assign(wallet, registered)
  answered.devices.add(wallet)
  answered.count++
}

export const steps: readonly Step[] = [open, open, open, sign, sign, reject, cancel, look, look, changeWallet]
