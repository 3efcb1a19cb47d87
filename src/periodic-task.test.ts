import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startPeriodicTask } from './periodic-task.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const unexpected = (fault: unknown): void => {
  throw fault
}

describe('a periodic task', () => {
  it('runs at once and then an interval after each end', async () => {
    let runs = 0
    const task = startPeriodicTask(async () => (runs += 1), 1000, unexpected)
    await vi.advanceTimersByTimeAsync(0)
    expect(runs).toBe(1)
    await vi.advanceTimersByTimeAsync(999)
    expect(runs).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(runs).toBe(2)
    await task.stop()
  })

  it('never runs twice at the same time, and runs again at once when it was woken meanwhile', async () => {
    const ends: (() => void)[] = []
    let running = 0
    let most = 0
    const work = async (): Promise<void> => {
      most = Math.max(most, (running += 1))
      await new Promise<void>((resolve) => ends.push(resolve))
      running -= 1
    }
    const task = startPeriodicTask(work, 1000, unexpected)
    await vi.advanceTimersByTimeAsync(0)
    task.wake()
    task.wake()
    expect(ends).toHaveLength(1)
    ends[0]!()
    await vi.advanceTimersByTimeAsync(0)
    expect(ends).toHaveLength(2)
    ends[1]!()
    await vi.advanceTimersByTimeAsync(0)
    expect(most).toBe(1)
    await task.stop()
  })

  it('goes on after a fault, which it tells', async () => {
    const faults: unknown[] = []
    const task = startPeriodicTask(
      () => Promise.reject(new Error('database gone')),
      1000,
      (fault) => faults.push(fault),
    )
    await vi.advanceTimersByTimeAsync(2000)
    expect(faults).toHaveLength(3)
    await task.stop()
  })

  it('waits for the run under way when it is stopped, and starts no other', async () => {
    let end = (): void => undefined
    let runs = 0
    const task = startPeriodicTask(() => ((runs += 1), new Promise<void>((resolve) => (end = resolve))), 10, unexpected)
    await vi.advanceTimersByTimeAsync(0)
    let stopped = false
    const stopping = task.stop().then(() => (stopped = true))
    await vi.advanceTimersByTimeAsync(100)
    expect(stopped).toBe(false)
    end()
    await stopping
    await vi.advanceTimersByTimeAsync(100)
    expect(runs).toBe(1)
  })
})
