import { describe, expect, it } from 'vitest'
import { FakeTime } from '../../test/fake-time.ts'
import { watchWorkers, type WatchedWorker } from './watch.ts'

const aWorker = (answers: boolean, isListening = true): WatchedWorker => {
  const worker = {
    isListening,
    unanswered: 0,
    askWhetherThere: () => {
      if (answers) worker.unanswered = 0
    },
  }
  return worker
}

const watched = (...workers: WatchedWorker[]) => {
  const time = new FakeTime()
  const silent: WatchedWorker[] = []
  watchWorkers(
    () => workers,
    (worker) => silent.push(worker),
    time,
  )
  return { time, silent }
}

describe('a watch over workers', () => {
  it('tells of one that has left six questions unanswered, thirty seconds after the first', () => {
    const [hanging, well] = [aWorker(false), aWorker(true)]
    const { time, silent } = watched(hanging, well)
    time.pass(34_999)
    expect(silent).toEqual([])
    time.pass(1)
    expect(silent).toEqual([hanging])
  })

  it('leaves those alone that are still starting', () => {
    const { time, silent } = watched(aWorker(false, false))
    time.pass(600_000)
    expect(silent).toEqual([])
  })

  it('takes a machine that was asleep for no silence', () => {
    const { time, silent } = watched(aWorker(false))
    time.stall(600_000)
    time.pass(0)
    expect(silent).toEqual([])
  })
})
