/**
 * What workers and their primary tell each other of hints. The way between two processes keeps the order of its messages.
 */
export type ToPrimary =
  /** What this worker wants to hear of from now on, and what no more. Answered by `joined` with the same number. */
  | { readonly kind: 'join'; readonly number: number; readonly joining: string[]; readonly leaving: string[] }
  /** For every other worker that has joined the payload. */
  | { readonly kind: 'publish'; readonly payloadId: string; readonly text: string }

export type ToWorker =
  /** The changes up to this number are in force. */
  | { readonly kind: 'joined'; readonly number: number }
  | { readonly kind: 'hint'; readonly payloadId: string; readonly text: string }
  /** Hints for this worker were lost; those from now on are not. */
  | { readonly kind: 'gap' }

/** Those of them that carry a hint. */
export type HintMessage = Extract<ToPrimary | ToWorker, { readonly text: string }>

/** One direction of the way to another process. */
export interface Channel<Message> {
  /** Never throws and never waits. `done` is called once, when the message is on its way or can never be. */
  send: (message: Message, done?: (error: Error | null) => void) => void
}

/** In UTF-16 code units of their text: hints that wait for one process to read them. Beyond that, hints are lost. */
export const mostWaiting = 4 * 1024 * 1024
