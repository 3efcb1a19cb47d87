import { RawSubscriber, type RawSubscriberOptions } from './raw-subscriber.ts'

/** Many subscribers, spread over eight local addresses, so that ports do not run out. They end with RST. */
export class Swarm {
  readonly subscribers: RawSubscriber[] = []

  add(uuid: string, options: RawSubscriberOptions): RawSubscriber {
    const localAddress = `127.0.0.${2 + (this.subscribers.length % 8)}`
    const subscriber = new RawSubscriber(uuid, { localAddress, ...options })
    this.subscribers.push(subscriber)
    return subscriber
  }

  get welcomed(): number {
    return this.subscribers.filter(({ welcomed }) => welcomed).length
  }

  get allWelcomed(): boolean {
    return this.subscribers.every(({ welcomed }) => welcomed)
  }

  /** Breaks every connection at once. */
  drop(): void {
    for (const subscriber of this.subscribers) subscriber.drop()
  }

  end(): void {
    for (const subscriber of this.subscribers) subscriber.end()
  }
}
