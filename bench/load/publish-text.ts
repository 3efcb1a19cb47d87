import { payloadId } from '../database/payload-id.ts'
import { requestText } from './http-connection.ts'

/** What a server that only passes messages on is given to pass on: as long as a resolve message. */
const message = JSON.stringify({
  payload_uuidv4: payloadId(0),
  reference_call_uuidv4: payloadId(1),
  signed: true,
  user_token: true,
  opened_by_deeplink: false,
  return_url: { app: null, web: null },
  txid: 'A'.repeat(64),
  custom_meta: { identifier: null, blob: null, instruction: null },
})

export const publishText = (id: string): string => requestText('POST', `/publish/${id}`, {}, message)
