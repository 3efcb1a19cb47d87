import { newKeys } from '../../src/virtual-wallet/keys.ts'
import { WalletClient, registerWallet } from '../../src/virtual-wallet/wallet-client.ts'
import { payment, signIn } from '../application-client.ts'
import { signedPatch } from '../signed-patch.ts'
import type { KnownDevice } from './answered.ts'

/** A wallet that has signed once and for all: neither template says which sign request it is for. */
export interface BusyWallet extends KnownDevice {
  readonly account: string
  readonly signatures: Readonly<Record<'signIn' | 'payment', ReturnType<typeof signedPatch>>>
  /** What it was shown. */
  readonly opened: Set<string>
}

export const registerBusyWallet = async (url: string): Promise<BusyWallet> => {
  const keys = newKeys()
  const signatures = { signIn: signedPatch(keys, signIn), payment: signedPatch(keys, payment) }
  const client = new WalletClient(await registerWallet(url))
  return { client, answeredCounter: 0, account: keys.address, signatures, opened: new Set() }
}
