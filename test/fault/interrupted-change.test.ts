import { setTimeout } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest'
import { WalletApiError } from '../../src/virtual-wallet/wallet-error.ts'
import type { WalletClient } from '../../src/virtual-wallet/wallet-client.ts'
import { signIn, type ApplicationClient } from '../application-client.ts'
import { until } from '../until.ts'
import { registerBusyWallet, type BusyWallet } from './busy-wallet.ts'
import { Cluster } from './cluster.ts'
import { CommitGate } from './commit-gate.ts'
import { Lives } from './lives.ts'
import { Random } from './random.ts'
import type { RawSubscriber } from './raw-subscriber.ts'
import { Swarm } from './swarm.ts'

const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
const stopped = 30_000
/** What PostgreSQL is told about transactions in which nothing happens. */
const idleInTransaction = 5_000

const hears = (subscriber: RawSubscriber, key: string, within: number): Promise<void> =>
  until(
    () => `${key} among ${JSON.stringify(subscriber.messages)}`,
    () => subscriber.messages.some((message) => key in message),
    within,
  )

const counted = (subscriber: RawSubscriber, key: string): number =>
  subscriber.messages.filter((message) => key in message).length

const sign = (client: WalletClient, wallet: BusyWallet, uuid: string) =>
  client.patchPayload(uuid, { ...wallet.signatures.signIn, origintype: 'QR' })

describe('a node that is killed after its commit and before it tells anybody', () => {
  type Act = (wallet: BusyWallet, uuid: string, application: ApplicationClient) => Promise<unknown>
  const open: Act = ({ client }, uuid) => client.fetchPayload(uuid)
  const acts: readonly (readonly [name: string, key: string, before: Act | null, act: Act])[] = [
    ['opened', 'opened', null, open],
    ['about to sign', 'pre_signed', open, open],
    ['signed', 'signed', open, (wallet, uuid) => sign(wallet.client, wallet, uuid)],
    ['rejected', 'signed', open, ({ client }, uuid) => client.patchPayload(uuid, { reject: true })],
    ['cancelled', 'expired', null, (_, uuid, application) => application.cancel(uuid)],
  ]

  it.each([
    ['with Redis', true],
    ['without Redis', false],
  ])('has subscribers elsewhere learn of it within two seconds, %s', async (name, redis) => {
    const cluster = await Cluster.start({ redis })
    onTestFinished(() => cluster.stop())
    const gate = await CommitGate.start(cluster.postgres.port)
    onTestFinished(() => gate.end())
    const other = await cluster.startNode()
    const swarm = new Swarm()
    onTestFinished(() => swarm.end())
    let longest = 0

    for (const [what, key, before, act] of acts) {
      const doomed = await cluster.startNode({ DATABASE_URL: cluster.postgres.url('postgres', gate.port) })
      const application = cluster.applicationAt(doomed)
      const wallet = await registerBusyWallet(doomed.url)
      const uuid = await application.create({ txjson: signIn })
      const subscriber = swarm.add(uuid, { port: () => other.port })
      await before?.(wallet, uuid, application)
      await until('the welcome', () => subscriber.welcomed)

      const committed = gate.stopNext('committed')
      const answer = act(wallet, uuid, application).catch(() => 'unanswered')
      await committed
      const at = performance.now()
      doomed.process.send('SIGKILL')
      expect(await answer, what).toBe('unanswered')
      await hears(subscriber, key, 5_000)
      const lateness = performance.now() - at
      expect(lateness, what).toBeLessThan(2_000)
      longest = Math.max(longest, lateness)
    }
    // once, however many rounds of reading follow
    await setTimeout(2_500)
    for (const [index, [what, key]] of acts.entries()) expect(counted(swarm.subscribers[index]!, key), what).toBe(1)
    console.log(
      `${name}: killed ${acts.length} times after the commit, the latest status after ${Math.round(longest)} ms`,
    )
  })
})

// both at the same time, since they mostly wait
describe.concurrent('a node that is stopped for 30 s between its update and its commit', () => {
  /** Two nodes, one of them stopped at the gate, while others go on living; the promise ends when they may stop. */
  const stopAtGate = async (endlessTransactions: boolean, { onTestFinished }: Pick<TestContext, 'onTestFinished'>) => {
    const cluster = await Cluster.start({ redis: true })
    onTestFinished(() => cluster.stop())
    const gate = await CommitGate.start(cluster.postgres.port, { endlessTransactions })
    onTestFinished(() => gate.end())
    const halted = await cluster.startNode({ DATABASE_URL: cluster.postgres.url('postgres', gate.port) })
    const other = await cluster.startNode()
    const swarm = new Swarm()
    onTestFinished(() => swarm.end())

    const wallet = await registerBusyWallet(halted.url)
    const uuid = await cluster.applicationAt(other).create({ txjson: signIn })
    const [here, there] = [halted, other].map(({ port }) => swarm.add(uuid, { port: () => port })) as [
      RawSubscriber,
      RawSubscriber,
    ]
    await until('the welcome', () => swarm.allWelcomed)
    await wallet.client.fetchPayload(uuid)
    await hears(there, 'opened', 2_000)

    const lives = new Lives({
      application: cluster.applicationAt(other),
      wallets: await cluster.registerWallets(other, 2),
      random: new Random(seed),
      watch: (id) => swarm.add(id, { port: () => other.port }),
      pace: 50,
    })
    const standing = gate.stopNext('commit')
    const answer = sign(wallet.client, wallet, uuid).then(
      () => 200,
      (error: unknown) => (error instanceof WalletApiError ? error.code : error),
    )
    const transaction = await standing
    halted.process.send('SIGSTOP')
    const over = performance.now() + stopped
    const othersLive = (async () => {
      while (performance.now() < over) await lives.live(4)
    })()
    const resumed = async (): Promise<void> => {
      await setTimeout(over - performance.now())
      await othersLive
    }
    return { cluster, halted, other, here, there, uuid, transaction, answer, resumed, lives }
  }

  it(`misses nothing once PostgreSQL has rolled it back (FAULT_SEED=${seed})`, async (context) => {
    const { cluster, halted, other, here, there, uuid, answer, resumed, lives } = await stopAtGate(false, context)
    // meanwhile somebody else signs, on another node, without waiting for the one that is stopped
    await setTimeout(idleInTransaction + 1_000)
    expect(counted(there, 'signed')).toBe(0)
    const wallet = await registerBusyWallet(other.url)
    await sign(wallet.client, wallet, uuid)
    await hears(there, 'signed', 2_000)

    await resumed()
    halted.process.send('SIGCONT')
    expect(await answer).toBe(605)
    await hears(here, 'signed', 5_000)
    await lives.expectAllTold()
    for (const subscriber of [here, there]) expect(counted(subscriber, 'signed')).toBe(1)
    expect((await cluster.applicationAt(halted).details(uuid)).response.account).toBe(wallet.account)
    console.log(`rolled back: ${lives.all.length} other payloads lived meanwhile (FAULT_SEED=${seed})`)
  })

  it(`misses nothing once it has committed after all (FAULT_SEED=${seed})`, async (context) => {
    const { halted, here, there, transaction, answer, resumed, lives } = await stopAtGate(true, context)
    await resumed()
    expect(counted(there, 'signed')).toBe(0)
    const at = performance.now()
    transaction.release()
    await hears(there, 'signed', 5_000)
    const lateness = performance.now() - at
    expect(lateness).toBeLessThan(2_000)

    halted.process.send('SIGCONT')
    // its client is told that it was done, or that nobody knows
    expect([200, 605]).toContain(await answer)
    await hears(here, 'signed', 5_000)
    await lives.expectAllTold()
    for (const subscriber of [here, there]) expect(counted(subscriber, 'signed')).toBe(1)
    console.log(
      `committed after 30 s: told elsewhere ${Math.round(lateness)} ms later; ` +
        `${lives.all.length} other payloads lived meanwhile (FAULT_SEED=${seed})`,
    )
  })
})
