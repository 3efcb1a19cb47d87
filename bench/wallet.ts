import { newKeys } from '../src/virtual-wallet/keys.ts'
import { signRequest } from '../src/virtual-wallet/sign.ts'
import { registerWallet, WalletClient } from '../src/virtual-wallet/wallet-client.ts'

/** A registered device that resolves sign-in requests; what it signs is made beforehand, outside of any measurement. */
export interface BenchWallet {
  resolve(payloadId: string): Promise<unknown>
}

export const prepareWallet = async (serverUrl: string): Promise<BenchWallet> => {
  const client = new WalletClient(await registerWallet(serverUrl))
  const keys = newKeys('secp256k1')
  const { signedBlob, txid, publicKey } = signRequest(
    keys,
    { transactionType: 'SignIn', requestJson: { SignIn: true }, multisign: false, family: 'xrpl' },
    { account: keys.address, fee: '0', sequence: 0, ledgerIndex: null, networkId: 0 },
  )
  const resolution = { signed_blob: signedBlob, tx_id: txid, signmethod: 'PIN', signpubkey: publicKey, multisigned: '' }
  return { resolve: (payloadId) => client.patchPayload(payloadId, resolution) }
}
