import { XummSdk } from 'xumm-sdk'
import { startTestServer } from '../src/testing.ts'
import { createVirtualWallet, type VirtualWallet } from '../src/virtual-wallet/virtual-wallet.ts'
import { Timeline } from './timeline.ts'

/**
 * Three sign requests from creation to resolution: the official SDK, unmodified, at one end, the virtual wallet at the
 * other, and a whole server with a temporary database between them.
 */

// the SDK tells the console when it connects; the timeline shows it better, and speaks through console.info
console.log = () => undefined

const timeline = new Timeline()
const server = await startTestServer({ environment: { LOG_LEVEL: 'error' } })
try {
  const { apiKey, apiSecret } = await server.createApplication({ name: 'Demo shop' })
  const sdk = new XummSdk(apiKey, apiSecret)
  sdk.setEndpoint(server.url)
  const wallet = await createVirtualWallet({ server: server.url, dispatchedResult: 'tesSUCCESS' })
  timeline.note(`server on ${server.url}, wallet ${wallet.account}`)

  await paymentThatIsSigned(sdk, wallet)
  await signInThatIsRejected(sdk, wallet)
  await paymentThatIsSignedLate(sdk, wallet)
  wallet.close()
} finally {
  await server.close()
}

/** Creates a request and follows it with the SDK; resolves with the message that `isLast` names. */
async function follow(sdk: XummSdk, title: string, request: Request, isLast: (message: Message) => boolean) {
  timeline.heading(title)
  const { created, resolved } = await sdk.payload.createAndSubscribe(request, ({ data }) => {
    timeline.live(data)
    return isLast(data) ? data : undefined
  })
  timeline.application(`created ${created.uuid}`)
  return { uuid: created.uuid, resolved }
}

async function paymentThatIsSigned(sdk: XummSdk, wallet: VirtualWallet): Promise<void> {
  const request = { TransactionType: 'Payment', Destination: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY', Amount: '1000000' }
  const { uuid, resolved } = await follow(sdk, 'A payment that is signed', request as Request, isResolution)
  const outcome = await wallet.sign(uuid)
  timeline.wallet(`signed as ${outcome.txid}, the ledger said ${outcome.dispatchedResult}`)
  await resolved
  await showResult(sdk, uuid)
}

async function signInThatIsRejected(sdk: XummSdk, wallet: VirtualWallet): Promise<void> {
  const request = { TransactionType: 'SignIn' }
  const { uuid, resolved } = await follow(sdk, 'A sign-in that is rejected', request as Request, isResolution)
  await wallet.reject(uuid, 'not now')
  timeline.wallet('rejected')
  await resolved
  await showResult(sdk, uuid)
}

async function paymentThatIsSignedLate(sdk: XummSdk, wallet: VirtualWallet): Promise<void> {
  const expiresAfterSeconds = 3
  const request = {
    txjson: { TransactionType: 'Payment', Destination: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY', Amount: '2000000' },
    options: { expire: expiresAfterSeconds / 60 },
  }
  let expired: () => void
  const expiry = new Promise<void>((resolve) => (expired = resolve))
  const { uuid, resolved } = await follow(
    sdk,
    'A payment opened in time and signed late',
    request as Request,
    (message) => {
      if ('expired' in message) expired()
      return isResolution(message)
    },
  )
  await wallet.open(uuid)
  timeline.wallet('opened, and put the phone aside')
  await expiry
  await wallet.sign(uuid)
  timeline.wallet('signed after the expiry')
  await resolved
  await showResult(sdk, uuid)
}

type Request = Parameters<XummSdk['payload']['create']>[0]
type Message = Record<string, unknown>

function isResolution(message: Message): boolean {
  return 'signed' in message
}

async function showResult(sdk: XummSdk, uuid: string): Promise<void> {
  const payload = await sdk.payload.get(uuid)
  if (payload === null) throw new Error('the payload is gone')
  const { resolved, signed, expired } = payload.meta
  const { account, txid, dispatched_result: result } = payload.response
  timeline.application(`fetched: ${JSON.stringify({ resolved, signed, expired, account, txid, result })}`)
}
