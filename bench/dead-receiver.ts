import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { registerWallet, WalletClient } from '../src/virtual-wallet/wallet-client.ts'
import type { CountersignReady } from './countersign-process.ts'
import { line, milliseconds, percentile } from './figures.ts'
import { startMeasured } from './measured-process.ts'
import { createPayloads } from './payloads.ts'

const owedToTheDead = 1_000
const measured = 300
const signIn = { txjson: { TransactionType: 'SignIn' } }

/**
 * From sending a rejection to the receiver having its webhook, one after the other: while another application's receiver,
 * which takes connections and never answers, is owed 1,000 deliveries, against the same before it was owed any.
 */
export const measureDeadReceiver = async (): Promise<string[]> => {
  const arrivals = new Map<string, () => void>()
  const quick = createHttpServer((request, response) => {
    arrivals.get(request.headers['x-xumm-payload'] as string)?.()
    request.resume().on('end', () => response.end())
  })
  const dead = createServer(() => undefined)
  const urls = [await listen(dead), await listen(quick)]
  const countersign = await startMeasured<CountersignReady>('countersign-process.ts', {
    BENCH_WEBHOOK_URLS: urls.join(','),
  })
  const { ready } = countersign
  const [deaf, hearing] = ready.receiving.map((credentials) => ({ ...ready, ...credentials }))
  const wallet = new WalletClient(await registerWallet(ready.url))
  const reject = (id: string) => wallet.patchPayload(id, { reject: true, reject_initiator: 'USER' })

  const measure = async (): Promise<number[]> => {
    const times: number[] = []
    for (const id of await createPayloads(hearing!, signIn, measured)) {
      const arrived = new Promise<void>((resolve) => arrivals.set(id, resolve))
      const begin = performance.now()
      await Promise.all([reject(id), arrived])
      times.push(performance.now() - begin)
    }
    return times
  }
  const alone = await measure()
  for (const id of await createPayloads(deaf!, signIn, owedToTheDead)) await reject(id)
  const beside = await measure()

  await countersign.stop()
  quick.closeAllConnections()
  for (const server of [quick, dead]) server.close()
  return [50, 99].map((percent) => {
    const [ours, floor] = [percentile(beside, percent), percentile(alone, percent)]
    const what = `webhook beside ${owedToTheDead} owed to a dead one, p${percent}`
    return line(what, milliseconds(ours), milliseconds(floor), ours / floor)
  })
}

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
