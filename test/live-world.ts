import { DatabaseClock, type Milliseconds } from '../src/clock.ts'
import type { Bus } from '../src/live/bus.ts'
import { Hub } from '../src/live/hub.ts'
import { defaultLiveSettings } from '../src/live/live-settings.ts'
import { factsEqual, factsOf, type Facts } from '../src/payload/facts.ts'
import { cancel, open, reject, sign, startSigning, type Actor } from '../src/payload/lifecycle.ts'
import type { Payload } from '../src/payload/payload.ts'
import { isRefusal, type Refusal } from '../src/refusals.ts'
import { factsStore, outlineOf } from './facts-store.ts'
import { FakeSocket } from './fake-socket.ts'
import { FakeTime } from './fake-time.ts'
import { settle } from './live-hub.ts'
import { memoryNetwork } from './memory-network.ts'
import { aContext, aPayload, aSignature, signingDetails } from './payload-fixture.ts'
import { UnreliableBus } from './unreliable-bus.ts'

export type WalletStep = 'open' | 'preSign' | 'sign' | 'reject'
export type Answer = 'now' | 'failing'

/** One thing that happens. Numbers choose among what there is at that moment. */
export type Happening =
  | { readonly kind: 'connect'; readonly node: number }
  | { readonly kind: 'vanish'; readonly which: number }
  | { readonly kind: 'say'; readonly which: number }
  | { readonly kind: 'wallet'; readonly node: number; readonly actor: Actor; readonly step: WalletStep; dies: boolean }
  | { readonly kind: 'cancel'; readonly node: number; readonly dies: boolean }
  | { readonly kind: 'fetch'; readonly node: number }
  | { readonly kind: 'pass'; readonly time: Milliseconds; readonly stalled: boolean }
  | { readonly kind: 'answer'; readonly node: number; readonly which: number; readonly failing: boolean }
  | { readonly kind: 'hint'; readonly node: number; readonly which: number; becomes: 'deliver' | 'repeat' | 'drop' }
  | { readonly kind: 'reconcile'; readonly node: number }

interface Question {
  readonly answer: () => void
  readonly fail: () => void
}

/** What the test knows of one socket beside what it was told. */
export interface Watcher {
  readonly node: number
  readonly socket: FakeSocket
  said: number
  /** Calls that fetched the payload through its own node while it was connected. */
  fetched: number
}

/**
 * One payload in a database, and two nodes with the real hub whose every step outside takes as long as the test says:
 * joining the bus, the read, and the way back of its answer; hints that are dropped, repeated and overtaken; and
 * processes that end between their commit and their announcement.
 */
export class LiveWorld {
  readonly time = new FakeTime()
  readonly watchers: Watcher[] = []
  payload: Payload
  /** How often the application fetched it. */
  calls = 0
  /** How far a node's idea of the time may be off, since its reads were slow. */
  #clockError: Milliseconds = 0
  readonly #nodes: { hub: Hub; bus: UnreliableBus; clock: DatabaseClock; questions: Question[] }[]

  constructor(request: Partial<Payload['request']>, skews: readonly Milliseconds[]) {
    this.payload = aPayload({ request: { ...aPayload().request, ...request } })
    const network = memoryNetwork(skews.length)
    this.#nodes = skews.map((skew, index) => {
      const questions: Question[] = []
      const bus = new UnreliableBus(network[index]!)
      const clock = new DatabaseClock({ now: () => this.time.now() + skew })
      const hub = new Hub({
        settings: defaultLiveSettings,
        bus: slow(bus, questions),
        clock,
        timers: this.time,
        readFacts: factsStore(async () => {
          const asked = this.time.now()
          await ask(questions)
          const read = { facts: factsOf(this.payload), now: this.time.now() }
          await ask(questions)
          this.#clockError = Math.max(this.#clockError, this.time.now() - asked)
          return read
        }).readFacts,
        onFault: () => undefined,
        onPage: () => undefined,
      })
      return { hub, bus, clock, questions }
    })
  }

  get facts(): Facts {
    return factsOf(this.payload)
  }

  /** No node's clock can say that it has expired. */
  isSurelyAlive(): boolean {
    return this.time.now() + this.#clockError < this.facts.expiry
  }

  /** Every node's clock has passed this time, and every timer that was set for it has rung. */
  isSurelyExpired(expiry: Milliseconds): boolean {
    return this.time.now() > expiry + 2 * this.#clockError + 2
  }

  async happen(what: Happening): Promise<void> {
    this.#do(what)
    await settle()
  }

  /** Everything that is under way comes to its end, and reconciliation finds what was lost. */
  async calmDown(): Promise<void> {
    for (const node of this.#nodes) {
      await answerAll(node.questions)
      node.clock.observe(this.time.now())
      this.#reconcile(node.hub)
      await answerAll(node.questions)
    }
    this.deliverHints()
    await settle()
  }

  /** Everything that the bus kept arrives, the latest first. */
  deliverHints(): void {
    for (const { bus } of this.#nodes) while (bus.kept > 0) bus.deliver(bus.kept - 1)
  }

  get #connected(): Watcher[] {
    return this.watchers.filter(({ socket }) => socket.closedWith === null)
  }

  #do(what: Happening): void {
    switch (what.kind) {
      case 'connect': {
        const socket = new FakeSocket()
        this.watchers.push({ node: what.node, socket, said: 0, fetched: 0 })
        this.#nodes[what.node]!.hub.subscribe(socket, this.payload.id, 'an address')
        return
      }
      case 'vanish':
        return choose(this.#connected, what.which)?.socket.vanish()
      case 'say': {
        const watcher = choose(this.#connected, what.which)
        if (watcher === undefined) return
        watcher.said++
        watcher.socket.say('{"ping":true}')
        return
      }
      case 'wallet': {
        this.#change(what.node, this.#walletStep(what.actor, what.step), what.dies)
        return
      }
      case 'cancel': {
        this.#change(what.node, cancel(this.payload, this.time.now()).payload, what.dies)
        return
      }
      case 'fetch':
        for (const watcher of this.#connected) {
          if (watcher.node === what.node) watcher.fetched++
        }
        {
          this.#nodes[what.node]!.hub.announceFetched(this.payload.id, `call ${this.calls++}`)
          return
        }
      case 'pass':
        if (what.stalled) this.time.stall(what.time)
        {
          this.time.pass(what.stalled ? 0 : what.time)
          return
        }
      case 'answer': {
        const { questions } = this.#nodes[what.node]!
        const [question] = questions.length === 0 ? [] : questions.splice(what.which % questions.length, 1)
        return what.failing ? question?.fail() : question?.answer()
      }
      case 'hint': {
        const { bus } = this.#nodes[what.node]!
        if (bus.kept > 0) bus[what.becomes](what.which % bus.kept)
        return
      }
      case 'reconcile': {
        this.#reconcile(this.#nodes[what.node]!.hub)
        return
      }
    }
  }

  #reconcile(hub: Hub): void {
    // what fails is made up for by the next
    hub.repair([outlineOf(this.payload.id, this.facts)]).catch(() => undefined)
  }

  #walletStep(actor: Actor, step: WalletStep): Payload | Refusal {
    const { payload } = this
    const now = this.time.now()
    switch (step) {
      case 'open':
        return open(payload, actor, now)
      case 'preSign':
        return startSigning(payload, actor, now)
      case 'sign':
        return sign(payload, actor, aSignature, signingDetails, aContext, now)
      case 'reject':
        return reject(payload, actor, { initiator: 'USER', reason: null }, aContext, now)
    }
  }

  /** The commit, and the announcement that follows it unless the process dies between the two. */
  #change(node: number, next: Payload | Refusal, dies: boolean): void {
    if (isRefusal(next)) return
    const before = this.facts
    this.payload = next
    if (!dies && !factsEqual(before, this.facts)) this.#nodes[node]!.hub.announce(next.id, this.facts)
  }
}

const choose = <T>(from: readonly T[], which: number): T | undefined => from[which % from.length]

const ask = (questions: Question[]): Promise<void> =>
  new Promise((resolve, reject) => {
    questions.push({ answer: resolve, fail: () => reject(new Error('this one fails')) })
  })

const answerAll = async (questions: Question[]): Promise<void> => {
  await settle()
  while (questions.length > 0) {
    questions.shift()!.answer()
    await settle()
  }
}

/** Joining and leaving take as long as the test says. */
const slow = (bus: Bus, questions: Question[]): Bus => ({
  publish: (payloadId, hint) => bus.publish(payloadId, hint),
  join: async (payloadId, listener) => {
    await bus.join(payloadId, listener)
    await ask(questions)
  },
  leave: async (payloadId) => {
    await ask(questions)
    await bus.leave(payloadId)
  },
  onGap: (listener) => bus.onGap(listener),
  stats: bus.stats,
  isHealthy: () => bus.isHealthy(),
  close: () => bus.close(),
})
