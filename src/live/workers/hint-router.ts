import type { Channel, ToPrimary, ToWorker } from './bus-messages.ts'
import { HintLane } from './hint-lane.ts'

/** One worker, as the router knows it. */
export interface RoutedWorker {
  hear(message: ToPrimary): void
  /** It has ended: nothing is kept of it. */
  forget(): void
}

/**
 * The primary's part of the bus between workers: who has joined which payload. Hints pass through as text and are kept
 * nowhere; a worker that does not read loses them, and is told of the gap once it reads again.
 */
export class HintRouter {
  readonly #members = new Map<string, Set<Member>>()

  /** @param channel to a worker that has just been started */
  add(channel: Channel<ToWorker>): RoutedWorker {
    const member: Member = new Member(channel)
    return {
      hear: (message) => {
        if (message.kind === 'publish') {
          this.#publish(member, message.payloadId, message.text)
          return
        }
        for (const id of message.joining) this.#join(member, id)
        for (const id of message.leaving) this.#leave(member, id)
        channel.send({ kind: 'joined', number: message.number })
      },
      forget: () => {
        for (const id of member.joined) this.#leave(member, id)
      },
    }
  }

  /** Payloads that at least one worker has joined. */
  get size(): number {
    return this.#members.size
  }

  #publish(from: Member, payloadId: string, text: string): void {
    // who publishes has told itself
    for (const member of this.#members.get(payloadId) ?? []) if (member !== from) member.tell(payloadId, text)
  }

  #join(member: Member, payloadId: string): void {
    member.joined.add(payloadId)
    const members = this.#members.get(payloadId)
    if (members === undefined) this.#members.set(payloadId, new Set([member]))
    else members.add(member)
  }

  #leave(member: Member, payloadId: string): void {
    member.joined.delete(payloadId)
    const members = this.#members.get(payloadId)
    members?.delete(member)
    if (members?.size === 0) this.#members.delete(payloadId)
  }
}

type HintToWorker = Extract<ToWorker, { kind: 'hint' }>

class Member {
  readonly joined = new Set<string>()
  readonly #lane: HintLane<HintToWorker>
  #missed = false

  constructor(channel: Channel<ToWorker>) {
    this.#lane = new HintLane<HintToWorker>(channel, () => {
      if (!this.#missed) return
      this.#missed = false
      channel.send({ kind: 'gap' })
    })
  }

  tell(payloadId: string, text: string): void {
    // what its channel refuses needs no gap: it has ended
    if (!this.#lane.send({ kind: 'hint', payloadId, text }, () => undefined)) this.#missed = true
  }
}
