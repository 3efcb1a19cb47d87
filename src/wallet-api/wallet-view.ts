import type { Application } from '../application/application.ts'
import type { RegisteredDevice } from '../device/device.ts'
import type { JsonObject } from '../json.ts'
import { walletDigest } from '../ledger/wallet-digest.ts'
import { detailsOf } from '../payload-wire/details.ts'
import { hasOpened } from '../payload/lifecycle.ts'
import type { Payload } from '../payload/payload.ts'
import type { Found } from '../payload/payload-store.ts'

export type WalletView = ReturnType<typeof walletView>

/**
 * A payload as a wallet sees it: Details with the differences that the real wallet needs. Source: CONTRACT section 3;
 * XRPL-Labs/Xaman-App, src/common/libs/payload/object.ts (verify, fetch, isPseudoTransaction).
 *
 * @param hasPage a sign page is open on this payload, in the browser window that the user came from
 */
export const walletView = (
  { payload, now }: Found,
  application: Application,
  reader: RegisteredDevice,
  hasPage: boolean,
) => {
  const { meta, custom_meta, ...details } = detailsOf(payload, application, now)
  const requestJson = requestJsonOf(payload, details.payload.request_json)
  return {
    ...details,
    meta: {
      ...meta,
      // the wallet refuses by itself what it is told has expired, and who opened in time may sign late
      expired: meta.expired && !hasOpened(payload, reader.userId),
      return_url_app: hasPage && isLeftToPage(payload) ? null : meta.return_url_app,
      custom_instruction: custom_meta.instruction,
    },
    payload: {
      ...details.payload,
      request_json: requestJson,
      hash: walletDigest(requestJson, reader.uniqueDeviceIdentifier),
    },
  }
}

/** Wallet and sign page would go to the same address: while a page is open, only that window goes. CONTRACT section 5. */
export const isLeftToPage = ({ request: { returnUrl } }: Payload): boolean =>
  returnUrl.app !== null && returnUrl.app === returnUrl.web

/** The wallet takes a request without TransactionType for a pseudo transaction, and refuses a pseudo type with one. */
const requestJsonOf = (payload: Payload, requestJson: JsonObject): JsonObject =>
  payload.request.template.kind === 'transaction'
    ? requestJson
    : Object.fromEntries(Object.entries(requestJson).filter(([field]) => field !== 'TransactionType'))
