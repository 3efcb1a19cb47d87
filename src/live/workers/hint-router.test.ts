import { describe, expect, it } from 'vitest'
import { mostWaiting, type ToWorker } from './bus-messages.ts'
import { HintRouter } from './hint-router.ts'

/** A worker that reads only when it is told to. */
const aWorker = (router: HintRouter) => {
  const told: ToWorker[] = []
  const unread: (() => void)[] = []
  const routed = router.add({
    send: (message, done) => {
      told.push(message)
      if (done !== undefined) unread.push(() => done(null))
    },
  })
  let number = 0
  return {
    routed,
    hints: () => told.flatMap((message) => (message.kind === 'hint' ? [message.text] : [])),
    gaps: () => told.filter(({ kind }) => kind === 'gap').length,
    told,
    read: () => unread.splice(0).forEach((done) => done()),
    join: (...joining: string[]) => routed.hear({ kind: 'join', number: ++number, joining, leaving: [] }),
    leave: (...leaving: string[]) => routed.hear({ kind: 'join', number: ++number, joining: [], leaving }),
    publish: (payloadId: string, text: string) => routed.hear({ kind: 'publish', payloadId, text }),
  }
}

const threeWorkers = () => {
  const router = new HintRouter()
  return { router, a: aWorker(router), b: aWorker(router), c: aWorker(router) }
}

describe('the router of hints between workers', () => {
  it('confirms what was joined, and brings hints to the others that have joined the payload', () => {
    const { a, b, c } = threeWorkers()
    for (const worker of [a, b]) worker.join('one')
    c.join('other')
    expect(a.told).toEqual([{ kind: 'joined', number: 1 }])
    a.publish('one', 'news')
    expect([a.hints(), b.hints(), c.hints()]).toEqual([[], ['news'], []])
  })

  it('takes hints of a worker that has not joined the payload itself', () => {
    const { a, b } = threeWorkers()
    b.join('one')
    a.publish('one', 'news')
    expect(b.hints()).toEqual(['news'])
  })

  it('keeps nothing of payloads that were left, nor of a worker that has ended', () => {
    const { router, a, b, c } = threeWorkers()
    a.join('one', 'two')
    b.join('one', 'two', 'three')
    a.leave('one', 'two')
    b.routed.forget()
    expect(router.size).toBe(0)
    c.publish('one', 'news')
    expect([a.hints(), b.hints()]).toEqual([[], []])
  })

  it('loses hints for a worker that does not read, and tells it of the gap once it has read what waited', () => {
    const { a, b, c } = threeWorkers()
    for (const worker of [b, c]) worker.join('one')
    const half = 'x'.repeat(mostWaiting / 2)
    for (let count = 0; count < 3; count++) {
      a.publish('one', half)
      c.read()
    }
    expect([b.hints().length, c.hints().length]).toEqual([2, 3])
    expect(b.gaps()).toBe(0)
    b.read()
    expect([b.gaps(), c.gaps()]).toEqual([1, 0])
    a.publish('one', 'news')
    b.read()
    expect([b.hints().at(-1), b.gaps()]).toEqual(['news', 1])
  })
})
