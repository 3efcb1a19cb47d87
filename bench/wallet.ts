import { createHash, randomUUID } from 'node:crypto'
import { newKeys } from '../src/virtual-wallet/keys.ts'
import { signRequest } from '../src/virtual-wallet/sign.ts'
import { send } from './requests.ts'

/** A registered device that resolves sign-in requests; what it signs is made beforehand, outside of any measurement. */
export interface BenchWallet {
  resolve(payloadId: string): Promise<void>
}

export const registerWallet = async (serverUrl: string): Promise<BenchWallet> => {
  const api = `${serverUrl}/api/v1/app`
  const uniqueDeviceIdentifier = randomUUID()
  const { user, device } = await send('POST', `${api}/add-user`, {})
  const { accessToken } = await send(
    'POST',
    `${api}/activate-device`,
    { uniqueDeviceIdentifier, devicePlatform: 'other', devicePushToken: '' },
    { authorization: `Bearer ${user.uuid as string}.${device.uuid as string}` },
  )
  const keys = newKeys('secp256k1')
  const signed = signRequest(
    keys,
    { transactionType: 'SignIn', requestJson: { SignIn: true }, multisign: false, family: 'xrpl' },
    { account: keys.address, publicKey: keys.publicKey, fee: '0', sequence: 0, ledgerIndex: null, networkId: 0 },
  )
  const resolution = {
    signed_blob: signed.signedBlob,
    tx_id: signed.txid,
    signmethod: 'PIN',
    signpubkey: signed.publicKey,
    multisigned: '',
  }
  let counter = 0
  return {
    resolve: async (payloadId) => {
      const n = ++counter
      const hash = createHash('sha256')
        .update(`${accessToken as string}${uniqueDeviceIdentifier}${n}`)
        .digest('hex')
      const authorization = `Bearer ${accessToken as string}.${n}.${hash}`
      await send('PATCH', `${api}/payload/${payloadId}`, resolution, { authorization })
    },
  }
}
