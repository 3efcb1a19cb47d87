import { setTimeout } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import { XummSdk } from 'xumm-sdk'
import { payment, signIn } from '../application-client.ts'
import { PlainBalancer } from '../plain-balancer.ts'
import { freePort } from '../free-port.ts'
import { until } from '../until.ts'
import type { BusyWallet } from './busy-wallet.ts'
import { Cluster, type ClusterNode } from './cluster.ts'
import { Lives } from './lives.ts'
import { Random } from './random.ts'
import type { RawSubscriber } from './raw-subscriber.ts'
import { Swarm } from './swarm.ts'

const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
const rounds = 2
const users = 4
const sdkUsers = 12

/** The SDK's own template types are narrower than what it sends. */
const body = { txjson: payment } as unknown as Parameters<XummSdk['payload']['createAndSubscribe']>[0]

it(`restarts two nodes one after the other without a failed call or a missed result (FAULT_SEED=${seed})`, async () => {
  // the SDK tells about its sockets on the console
  const say = console.log
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  onTestFinished(() => void vi.restoreAllMocks())
  const random = new Random(seed)
  const ports = [await freePort(), await freePort()]
  const backends = ports.map((port) => ({ port }))
  const balancer = await PlainBalancer.start(backends)
  onTestFinished(() => balancer.stop())
  const cluster = await Cluster.start({ redis: true }, { PUBLIC_URL: balancer.url })
  onTestFinished(() => cluster.stop())
  const start = (port: number): Promise<ClusterNode> => cluster.startNode({ PORT: String(port) })
  const nodes = [await start(ports[0]!), await start(ports[1]!)]
  const taken = (): Promise<void> => until('both nodes to be taken', () => backends.every((one) => balancer.takes(one)))
  await taken()

  const swarm = new Swarm()
  onTestFinished(() => swarm.end())
  const watch = (uuid: string) => swarm.add(uuid, { port: () => balancer.port })
  const lives = new Lives({
    application: cluster.applicationAt(balancer),
    wallets: await cluster.registerWallets(balancer, users),
    random: random.fork(),
    watch,
    pace: 40,
  })
  // those who sit through all of it, and hear of a result at its very end
  const sitters: RawSubscriber[] = []
  for (let index = 0; index < 100; index++) {
    const uuid = await cluster.applicationAt(balancer).create({ txjson: signIn })
    sitters.push(watch(uuid))
  }
  await until('the welcomes', () => swarm.allWelcomed)

  const load = { goesOn: true }
  const results = { awaited: 0, signed: 0, rejected: 0 }
  /** With the official SDK: creates, subscribes, has a wallet answer a little later, waits for the result, looks. */
  const useSdk = async (wallet: BusyWallet): Promise<void> => {
    const { apiKey, apiSecret } = cluster.credentials
    const sdk = new XummSdk(apiKey, apiSecret)
    expect(sdk.setEndpoint(balancer.url)).toBe(true)
    const mine = random.fork()
    while (load.goesOn) {
      results.awaited++
      const { created, resolved } = await sdk.payload.createAndSubscribe(body, ({ data }) =>
        'signed' in data ? data : undefined,
      )
      await setTimeout(mine.below(3_000))
      await wallet.client.fetchPayload(created.uuid)
      const signs = mine.oneIn(2)
      const answer = signs ? wallet.signatures.payment : { reject: true }
      await wallet.client.patchPayload(created.uuid, { ...answer, origintype: 'QR' })
      expect(await resolved).toMatchObject({ payload_uuidv4: created.uuid, signed: signs })
      expect(await sdk.payload.get(created.uuid)).toMatchObject({ meta: { resolved: true, signed: signs } })
      results[signs ? 'signed' : 'rejected']++
    }
  }
  const others = (async () => {
    while (load.goesOn) await lives.live(users * 2)
  })()
  const sdkWallets = await cluster.registerWallets(balancer, sdkUsers)
  const underWay = Promise.all([others, ...sdkWallets.map(useSdk)])

  const restarts = (async () => {
    for (let round = 0; round < rounds; round++) {
      for (const [index, port] of ports.entries()) {
        const { process } = nodes[index]!
        process.send('SIGTERM')
        expect(await process.ended).toEqual({ status: 0, signal: null })
        nodes[index] = await start(port)
        await taken()
        // the fleet comes back after two seconds
        await setTimeout(2_500)
      }
    }
  })().finally(() => (load.goesOn = false))
  await Promise.all([restarts, underWay])

  const [wallet] = sdkWallets
  for (const { uuid } of sitters) await wallet!.client.patchPayload(uuid, { reject: true })
  const all = () => sitters.every(({ messages }) => messages.some((message) => message['signed'] === false))
  await until('the last results', all, 5_000)
  await lives.expectAllTold()
  expect(balancer.failures).toEqual([])
  expect(results.signed + results.rejected).toBe(results.awaited)
  const reconnects = swarm.subscribers.reduce((sum, { connections }) => sum + connections.length - 1, 0)
  say(
    `${rounds * ports.length} restarts, ${balancer.requests} requests, none failed; with the SDK ${results.awaited} results ` +
      `(${results.signed} signed), ${lives.all.length} other payloads and ${swarm.subscribers.length} subscribers, ` +
      `who came back ${reconnects} times (FAULT_SEED=${seed})`,
  )
})
