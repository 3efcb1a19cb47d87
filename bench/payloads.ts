import type { CountersignReady } from './countersign-process.ts'
import { inParallel, post } from './requests.ts'

/** What an application that uses the SDK sends for one payment. */
export const payment = {
  txjson: {
    TransactionType: 'Payment',
    Destination: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY',
    Amount: '1000000',
    DestinationTag: 495,
  },
  options: { submit: false, expire: 5, return_url: { web: 'https://shop.test/?id={id}' } },
  custom_meta: { instruction: 'Pay the order', blob: { order: 1 } },
}

export const createPayload = async ({ url, apiKey, apiSecret }: CountersignReady, body: object): Promise<string> => {
  const headers = { 'x-api-key': apiKey, 'x-api-secret': apiSecret }
  const created = await post(`${url}/api/v1/platform/payload`, body, headers)
  return created.uuid as string
}

export const createPayloads = async (server: CountersignReady, body: object, count: number): Promise<string[]> => {
  const ids: string[] = []
  await inParallel(count, 32, async () => void ids.push(await createPayload(server, body)))
  return ids
}
