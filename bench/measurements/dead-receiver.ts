import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { registerWallet, WalletClient } from '../../src/virtual-wallet/wallet-client.ts'
import type { Bench, Measurement } from '../bench.ts'
import { beside } from '../database/applications.ts'
import {
  Numbers,
  signIn,
  withDatabase,
  type Credentials,
  type PreparedDatabase,
} from '../database/prepared-database.ts'
import { atMostOfFloor } from '../figures.ts'
import { spreadOf } from '../load/spread-of.ts'
import { countersign } from '../servers/countersign.ts'
import type { Subject } from '../servers/subject.ts'

const owedToTheDead = 1_000

/**
 * From sending a rejection to the receiver's having its webhook, one after the other: while the receiver of another
 * application, which takes connections and never answers, is owed 1,000, and while it is owed none.
 */
export const deadReceiver: Measurement = {
  about: 'how long a webhook takes while another receiver is dead and owed 1,000',
  run: async (bench) => {
    const receivers = await startReceivers()
    try {
      return await withDatabase('SQLite', (database) => measureBeside(bench, database, receivers))
    } finally {
      receivers.stop()
    }
  },
}

const measureBeside = async (bench: Bench, database: PreparedDatabase, receivers: Receivers) => {
  const count = bench.size('payloads', 50, 300)
  const numbers = new Numbers()
  const ours = countersign(() => database.environment, {
    name: 'countersign, beside a dead one',
    args: bench.options.serve,
  })
  const alone: Subject = { ...ours, name: 'countersign, alone', role: 'floor' }
  return bench.compare(
    [ours, alone],
    {
      p50: { what: 'rejection to its webhook, p50', unit: 'ms' },
      p99: { what: 'rejection to its webhook, p99', unit: 'ms', goal: atMostOfFloor(2) },
    },
    async (subject) => {
      const credentials = await beside(database, async ({ addApplication, owe }) => {
        const dead = { ...(await addApplication(receivers.deadUrl)), webhookUrl: receivers.deadUrl }
        if (subject === ours) await owe(dead, numbers.take(owedToTheDead), owedToTheDead)
        return (await addApplication(receivers.quickUrl)).credentials
      })
      return bench.onServer(subject, async ({ url }) => {
        const wallet = new WalletClient(await registerWallet(url))
        const times: number[] = []
        for (let n = 0; n < count; n++) {
          const id = await createSignIn(url, credentials)
          await wallet.fetchPayload(id)
          const arrived = receivers.arrivalOf(id)
          const begin = performance.now()
          await Promise.all([wallet.patchPayload(id, { reject: true, reject_initiator: 'USER' }), arrived])
          times.push(performance.now() - begin)
        }
        const { p50, p99 } = spreadOf(times)
        return { p50, p99 }
      })
    },
  )
}

const createSignIn = async (url: string, credentials: Credentials): Promise<string> => {
  const headers = { 'content-type': 'application/json', ...credentials }
  const request = { method: 'POST', headers, body: JSON.stringify(signIn) }
  const answer = await fetch(`${url}/api/v1/platform/payload`, request)
  return ((await answer.json()) as { uuid: string }).uuid
}

interface Receivers {
  readonly quickUrl: string
  /** Takes connections and never answers. */
  readonly deadUrl: string
  /** Resolves when the webhook about this payload is there. */
  arrivalOf(payloadId: string): Promise<void>
  stop(): void
}

const startReceivers = async (): Promise<Receivers> => {
  const arrivals = new Map<string, () => void>()
  const quick = createHttpServer((request, response) => {
    arrivals.get(request.headers['x-xumm-payload'] as string)?.()
    request.resume().on('end', () => response.end())
  })
  const sockets = new Set<{ destroy(): void }>()
  const dead = createServer((socket) => sockets.add(socket.on('error', () => undefined)))
  return {
    quickUrl: await listen(quick),
    deadUrl: await listen(dead),
    arrivalOf: (payloadId) => new Promise((resolve) => arrivals.set(payloadId, resolve)),
    stop: () => {
      quick.closeAllConnections()
      for (const socket of sockets) socket.destroy()
      for (const server of [quick, dead]) server.close()
    },
  }
}

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
