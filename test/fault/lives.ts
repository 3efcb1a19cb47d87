import { setTimeout } from 'node:timers/promises'
import type { Milliseconds } from '../../src/clock.ts'
import type { JsonObject } from '../../src/json.ts'
import { payment, signIn, type ApplicationClient } from '../application-client.ts'
import { until } from '../until.ts'
import type { BusyWallet } from './busy-wallet.ts'
import { truthOf, wrongWith } from './facts-told.ts'
import { Life, type LifeOptions } from './life.ts'
import type { Random } from './random.ts'
import type { RawSubscriber } from './raw-subscriber.ts'
import { longestLateness } from './lateness.ts'

export interface LivesOptions {
  readonly application: ApplicationClient
  /** One for each user that acts, all at once. */
  readonly wallets: readonly BusyWallet[]
  readonly random: Random
  readonly watch: (uuid: string) => RawSubscriber
  /** What a user does between one act and the next takes up to twice this. */
  readonly pace?: Milliseconds
  /** What to do about a call that failed; by default the test fails. */
  readonly askAgain?: LifeOptions['askAgain']
}

type Act = (life: Life) => Promise<unknown>

const open: Act = (life) => life.open()
const sign: Act = (life) => life.sign()
const reject: Act = (life) => life.reject()
const cancel: Act = (life) => life.cancel()
const startSigning: Act = (life) => life.startSigning()
const both =
  (...acts: readonly Act[]): Act =>
  (life) =>
    Promise.all(acts.map((act) => act(life)))

/** How a payload's life may go. */
const stories: readonly (readonly Act[])[] = [
  [open, open, sign],
  [open, open, sign],
  [open, startSigning, sign],
  [sign],
  [open, reject],
  [reject],
  [open, both(sign, reject)],
  [both(open, startSigning), sign],
  [cancel],
  [both(cancel, open), sign],
  [open],
]

/** At a time, for each user. */
const inHand = 6

/** Many payloads' lives at once, in an order that follows from the random numbers and from who is faster. */
export class Lives {
  readonly all: Life[] = []
  readonly #options: LivesOptions
  /** Acts that were answered. */
  acts = 0

  constructor(options: LivesOptions) {
    this.#options = options
  }

  /** Resolves when all acts are answered. */
  async live(count: number): Promise<void> {
    let begun = 0
    await Promise.all(
      this.#options.wallets.map(async (wallet) => {
        const random = this.#options.random.fork()
        const underWay: { readonly life: Life; readonly acts: Act[] }[] = []
        for (;;) {
          if (begun < count && (underWay.length === 0 || (underWay.length < inHand && random.oneIn(2)))) {
            begun++
            underWay.push({ life: await this.#begin(wallet, random), acts: this.#planned(random) })
          } else if (underWay.length === 0) return
          const next = random.choose(underWay)
          await next.acts.shift()!(next.life)
          this.acts++
          if (next.acts.length === 0) underWay.splice(underWay.indexOf(next), 1)
          const { pace = 0 } = this.#options
          if (pace > 0) await setTimeout(random.below(2 * pace))
        }
      }),
    )
  }

  /** Every watcher has exactly what is so in the end; throws when not. */
  async expectAllTold(within: Milliseconds = 5_000): Promise<void> {
    const { application, watch } = this.#options
    const checks: { readonly life: Life; readonly details: JsonObject; readonly fresh: RawSubscriber }[] = []
    for (const life of this.all) {
      const details = await application.details(life.uuid)
      life.fetches++
      checks.push({ life, details, fresh: watch(life.uuid) })
    }
    const wrong = (): string[] =>
      checks.flatMap(({ life, details, fresh }) => {
        const preSigned = fresh.messages.some((message) => 'pre_signed' in message)
        const truth = truthOf(details, preSigned, life.fetches)
        const doubtful = !life.repeated && fresh.welcomed && preSigned !== life.answered.has('pre_signed')
        const lost = [...life.answered.keys()].filter((key) =>
          key === 'expired' ? !truth.expired : !truth.facts.includes(key),
        )
        return [
          ...lost.map((key) => `${life.uuid}: ${key} was answered, and is not so any more`),
          ...(doubtful ? [`${life.uuid}: pre_signed is ${preSigned}, unlike the answers`] : []),
          ...[...life.watchers, fresh].flatMap((watcher) => wrongWith(watcher, truth)),
        ]
      })
    const some = () => wrong().slice(0, 10).join('\n')
    await until(some, () => wrong().length === 0, within)
    // and nothing comes again when every node has looked once or twice more
    await setTimeout(2_500)
    if (wrong().length > 0) throw new Error(some())
    for (const { fresh } of checks) fresh.end()
  }

  /** How late the latest was told, of all that was answered at such a time: see `lateness.ts`. */
  longestLateness(during: (answeredAt: Milliseconds) => boolean = () => true): Milliseconds {
    return longestLateness(this.all, during)
  }

  async #begin(wallet: BusyWallet, random: Random): Promise<Life> {
    const { application, askAgain = () => Promise.resolve(false) } = this.#options
    const submit = random.oneIn(2)
    const uuid = await this.#create({ txjson: submit ? payment : signIn }, askAgain)
    const life = new Life(uuid, { application, wallet, submit, random, askAgain })
    this.all.push(life)
    return life
  }

  async #create(body: Parameters<ApplicationClient['create']>[0], askAgain: LifeOptions['askAgain']): Promise<string> {
    for (;;) {
      try {
        return await this.#options.application.create(body)
      } catch (error) {
        if (!(await askAgain(error))) throw error
      }
    }
  }

  /** A story, with people who come, look and go in between. */
  #planned(random: Random): Act[] {
    // who connects or goes does not wait, and so races with what is done next
    const watch: Act = async (life) => void life.watchers.push(this.#options.watch(life.uuid))
    const drop: Act = async (life) => {
      if (life.watchers.length > 0) random.choose(life.watchers).drop()
    }
    const look: Act = (life) => life.look()
    const acts = [...random.choose(stories)]
    for (const [act, mostly] of [
      [watch, 1],
      [watch, 2],
      [drop, 4],
      [look, 4],
    ] as const) {
      if (random.oneIn(mostly)) acts.splice(random.below(acts.length + 1), 0, act)
    }
    return acts
  }
}
