import { mostWaiting, type Channel, type HintMessage } from './bus-messages.ts'

/** Hints on their way to one process: lost rather than queued while that does not read. */
export class HintLane<Message extends HintMessage> {
  readonly #channel: Channel<Message>
  readonly #onEmpty: () => void
  #waiting = 0

  /** @param onEmpty nothing waits any more */
  constructor(channel: Channel<Message>, onEmpty: () => void = () => undefined) {
    this.#channel = channel
    this.#onEmpty = onEmpty
  }

  /** @returns false when it is lost; else `onLost` is called if it cannot be sent after all */
  send(message: Message, onLost: () => void): boolean {
    const size = message.text.length
    if (this.#waiting > 0 && this.#waiting + size > mostWaiting) return false
    this.#waiting += size
    this.#channel.send(message, (error) => {
      this.#waiting -= size
      if (error !== null) onLost()
      if (this.#waiting === 0) this.#onEmpty()
    })
    return true
  }
}
