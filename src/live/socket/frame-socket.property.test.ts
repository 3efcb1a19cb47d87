import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Random } from '../../../test/fault/random.ts'
import { cutAnywhere, someClientBytes } from '../../../test/frames/client-bytes.ts'
import { Conversation } from '../../../test/frames/conversation.ts'
import { acceptWithWs } from '../../../test/frames/ws-status-socket.ts'
import type { AcceptSocket } from '../status-socket.ts'
import { systemTimers } from '../timers.ts'
import { acceptUpgrade } from './accept-upgrade.ts'

/** More of them once in a while: `FRAME_STREAMS=1000000 npx vitest run frame-socket`. */
const streams = Number(process.env['FRAME_STREAMS'] ?? 3_000)
const seed = Number(process.env['FRAME_SEED'] ?? 1)
/** At the same time, since each waits for the event loop between its pieces. */
const together = 500

const bounds = [130, 300, 70_000].map((clientMessageBytes) => {
  const settings = { clientMessageBytes, closeTimeout: 30_000 }
  return { clientMessageBytes, accepts: [acceptUpgrade(settings, systemTimers), acceptWithWs(settings)] }
})

interface Stream {
  readonly head: Buffer
  readonly chunks: readonly Buffer[]
  readonly accepts: readonly AcceptSocket[]
  /** Before which of the chunks the server closes by itself. */
  readonly closesAt: number
  readonly closesAfter: number
}

const someStream = (random: Random): Stream => {
  const { clientMessageBytes, accepts } = bounds[random.oneIn(50) ? 2 : random.below(2)]!
  const pieces = cutAnywhere(random, someClientBytes(random, clientMessageBytes))
  const head = random.oneIn(4) ? pieces[0]! : Buffer.alloc(0)
  return {
    head,
    chunks: head.length > 0 ? pieces.slice(1) : pieces,
    accepts,
    closesAt: random.oneIn(5) ? random.below(pieces.length) : Infinity,
    closesAfter: random.oneIn(10) ? random.below(4) : Infinity,
  }
}

/** What both made of it; the streams advance together, one chunk at a time. */
const play = async (all: readonly Stream[]): Promise<Conversation[][]> => {
  const conversations = all.map(({ accepts, head, closesAfter }) =>
    accepts.map((accept) => new Conversation(accept, head, closesAfter)),
  )
  const most = Math.max(...all.map(({ chunks }) => chunks.length))
  for (let n = 0; n <= most; n++) {
    await setImmediate()
    all.forEach(({ chunks, closesAt }, index) => {
      for (const conversation of conversations[index]!) {
        if (n === closesAt) conversation.close()
        if (n < chunks.length) conversation.bring(chunks[n]!)
      }
    })
  }
  for (let n = 0; n < 3; n++) await setImmediate()
  return conversations
}

const outcome = (conversation: Conversation) => ({
  heard: conversation.heard,
  answered: conversation.answered.toString('hex'),
  hasEnded: conversation.hasEnded,
})

it(
  `tells and answers the same as ws, whatever comes, cut anywhere (${streams} streams)`,
  async () => {
    for (let first = 0; first < streams; first += together) {
      const all = Array.from({ length: Math.min(together, streams - first) }, (_, n) =>
        someStream(new Random(seed + first + n)),
      )
      const conversations = await play(all)
      const compare = (): void => {
        conversations.forEach(([ours, theirs], n) => {
          const [one, other] = [outcome(ours!), outcome(theirs!)]
          if (JSON.stringify(one) === JSON.stringify(other)) return
          const { head, chunks, closesAt, closesAfter } = all[n]!
          const sent = [head, ...chunks].map((chunk) => chunk.toString('hex'))
          expect(one, `seed ${seed + first + n}: ${JSON.stringify({ sent, closesAt, closesAfter })}`).toEqual(other)
        })
      }
      compare()
      for (const conversation of conversations.flat()) conversation.end()
      for (let n = 0; n < 3; n++) await setImmediate()
      compare()
    }
  },
  streams * 10 + 30_000,
)
