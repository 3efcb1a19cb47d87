import { newKeys } from '../../src/virtual-wallet/keys.ts'
import { signRequest } from '../../src/virtual-wallet/sign.ts'
import { bearerOf, registerWallet, type WalletIdentity } from '../../src/virtual-wallet/wallet-client.ts'
import { requestText } from './http-connection.ts'

/** Wallets of many users that take turns: one user's resolutions wait for each other in the database. */
export class Wallets {
  #identities: WalletIdentity[] = []
  #next = 0
  readonly #resolution = signInResolution()

  async register(url: string, count: number): Promise<void> {
    this.#identities = []
    for (let n = 0; n < count; n++) this.#identities.push(await registerWallet(url))
  }

  openText(id: string): string {
    return requestText('GET', `/api/v1/app/payload/${id}?from=QR`, this.#headers(), '')
  }

  resolveText(id: string): string {
    return requestText('PATCH', `/api/v1/app/payload/${id}`, this.#headers(), this.#resolution)
  }

  pendingText(): string {
    return requestText('GET', '/api/v1/app/pending-payloads', this.#headers(), '')
  }

  #headers(): Readonly<Record<string, string>> {
    const turn = this.#next++ % this.#identities.length
    const identity = this.#identities[turn]!
    const used = { ...identity, counter: identity.counter + 1 }
    this.#identities[turn] = used
    return { Authorization: bearerOf(used) }
  }
}

/** Signed beforehand: every sign-in is the same transaction. The server checks each as if it were the first. */
const signInResolution = (): string => {
  const keys = newKeys('secp256k1')
  const { signedBlob, txid, publicKey } = signRequest(
    keys,
    { transactionType: 'SignIn', requestJson: { SignIn: true }, multisign: false, family: 'xrpl' },
    { account: keys.address, fee: '0', sequence: 0, ledgerIndex: null, networkId: 0 },
  )
  return JSON.stringify({
    signed_blob: signedBlob,
    tx_id: txid,
    signmethod: 'PIN',
    signpubkey: publicKey,
    multisigned: '',
  })
}
