import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { CountersignReady } from './countersign-process.ts'
import { line, milliseconds, percentile } from './figures.ts'
import type { FloorReady } from './floor-process.ts'
import { startMeasured } from './measured-process.ts'
import { createPayloads } from './payloads.ts'
import { inParallel, post } from './requests.ts'
import { prepareWallet } from './wallet.ts'

const subscribers = 1_000
const crowdedRounds = 10
const signIn = { txjson: { TransactionType: 'SignIn' } }

/** What pushes a resolve message to the subscribers of an id; ours verifies a signature and commits first. */
interface Target {
  readonly url: string
  newIds(count: number): Promise<string[]>
  resolve(id: string): Promise<unknown>
}

/**
 * From sending the resolution to holding the resolve message, with 1,000 subscribers: one for each of 1,000 payloads,
 * resolved one after the other; and all of them on one payload, ten times. Against a server that only passes it on.
 */
export const measureResolveToFrame = async (): Promise<string[]> => {
  const countersign = await startMeasured<CountersignReady>('countersign-process.ts', {
    SOCKETS_PER_PAYLOAD: `${subscribers}`,
  })
  const wallet = await prepareWallet(countersign.ready.url)
  const ours = await measure({
    url: countersign.ready.url,
    newIds: (count) => createPayloads(countersign.ready, signIn, count),
    resolve: (id) => wallet.resolve(id),
  })
  await countersign.stop()

  const bare = await startMeasured<FloorReady>('floor-process.ts')
  const { url } = bare.ready
  const message = {
    payload_uuidv4: randomUUID(),
    reference_call_uuidv4: randomUUID(),
    signed: true,
    txid: 'A'.repeat(64),
  }
  const floor = await measure({
    url,
    newIds: async (count) => Array.from({ length: count }, () => randomUUID()),
    resolve: (id) => post(`${url}/push/${id}`, message),
  })
  await bare.stop()

  return [
    ...compare(`resolve to frame, ${subscribers} payloads`, ours.spread, floor.spread),
    ...compare(`resolve to frame, ${subscribers} subscribers of one`, ours.crowded, floor.crowded),
  ]
}

const compare = (what: string, ours: readonly number[], floor: readonly number[]): string[] =>
  [50, 99].map((percent) => {
    const [own, bare] = [percentile(ours, percent), percentile(floor, percent)]
    return line(`${what}, p${percent}`, milliseconds(own), milliseconds(bare), own / bare)
  })

const measure = async (target: Target): Promise<{ spread: number[]; crowded: number[] }> => {
  const spread: number[] = []
  const ids = await target.newIds(subscribers)
  const watchers = await watchAll(target.url, ids)
  for (const [index, id] of ids.entries()) spread.push(...(await resolveAndWait(target, id, [watchers[index]!])))
  for (const { socket } of watchers) socket.terminate()

  const crowded: number[] = []
  for (const id of await target.newIds(crowdedRounds)) {
    const crowd = await watchAll(target.url, Array<string>(subscribers).fill(id))
    crowded.push(...(await resolveAndWait(target, id, crowd)))
    for (const { socket } of crowd) socket.terminate()
  }
  return { spread, crowded }
}

/** @returns for each watcher the milliseconds until it held the resolve message */
const resolveAndWait = async (target: Target, id: string, watchers: readonly Watcher[]): Promise<number[]> => {
  const asked = performance.now()
  const [, ...heard] = await Promise.all([target.resolve(id), ...watchers.map(({ resolvedAt }) => resolvedAt)])
  return heard.map((at) => at - asked)
}

interface Watcher {
  readonly socket: WebSocket
  readonly resolvedAt: Promise<number>
}

const watchAll = async (url: string, ids: readonly string[]): Promise<Watcher[]> => {
  const watchers: Watcher[] = []
  await inParallel(ids.length, 50, async (index) => void (watchers[index] = await watch(url, ids[index]!)))
  return watchers
}

const watch = async (url: string, id: string): Promise<Watcher> => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/sign/${id}`)
  const resolvedAt = new Promise<number>((resolve) =>
    socket.on('message', (data: Buffer) => {
      if (data.includes('"signed":true')) resolve(performance.now())
    }),
  )
  await once(socket, 'message')
  return { socket, resolvedAt }
}
