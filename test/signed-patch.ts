import type { JsonObject } from '../src/json.ts'
import type { WalletKeys } from '../src/virtual-wallet/keys.ts'
import { signRequest } from '../src/virtual-wallet/sign.ts'

/**
 * The PATCH with which a wallet hands in its signature of a template, made without asking a server: what is signed once
 * can be handed in anywhere.
 *
 * @param account that it speaks for, when the key is not the account's own
 */
export const signedPatch = (keys: WalletKeys, template: JsonObject, account = keys.address, sequence = 1) => {
  const { TransactionType: transactionType, ...fields } = template
  const requestJson: JsonObject = transactionType === 'SignIn' ? { SignIn: true, ...fields } : template
  const request = { transactionType: transactionType as string, requestJson, multisign: false, family: 'xrpl' } as const
  const context = { account, fee: '12', sequence, ledgerIndex: null, networkId: 1 }
  const { signedBlob, txid, publicKey } = signRequest(keys, request, context)
  return {
    signed_blob: signedBlob,
    tx_id: txid,
    signmethod: 'PIN',
    signpubkey: publicKey,
    multisigned: '',
    environment: { nodeuri: 'wss://testnet.xrpl-labs.com', nodetype: 'TESTNET' },
  } satisfies JsonObject
}
