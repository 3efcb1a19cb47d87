import type { Milliseconds } from '../src/clock.ts'
import type { CountersignReady } from './countersign-process.ts'
import { line, milliseconds, percentile } from './figures.ts'
import type { FloorReady } from './floor-process.ts'
import { startMeasured } from './measured-process.ts'
import { createPayload, payment } from './payloads.ts'
import { inParallel, post } from './requests.ts'

const atOnce = 64
const warmUp = 1_000
const duration: Milliseconds = 8_000

/** Creates per second, each durable before it is answered, against a route that inserts one row durably. */
export const measureCreates = async (): Promise<string[]> => {
  const countersign = await startMeasured<CountersignReady>('countersign-process.ts')
  const ours = await measure(() => createPayload(countersign.ready, payment))
  await countersign.stop()
  const bare = await startMeasured<FloorReady>('floor-process.ts')
  const floor = await measure(() => post(`${bare.ready.url}/create`, payment))
  await bare.stop()
  const perSecond = (value: number): string => `${Math.round(value)} /s`
  return [
    line(`creates, ${atOnce} at once`, perSecond(ours.rate), perSecond(floor.rate), ours.rate / floor.rate),
    line('  one create, p50', milliseconds(ours.p50), milliseconds(floor.p50), ours.p50 / floor.p50),
    line('  one create, p99', milliseconds(ours.p99), milliseconds(floor.p99), ours.p99 / floor.p99),
  ]
}

const measure = async (create: () => Promise<unknown>) => {
  await inParallel(warmUp, atOnce, create)
  const samples: number[] = []
  const start = performance.now()
  const createUntilEnd = async (): Promise<void> => {
    for (let asked = start; asked < start + duration; asked = performance.now()) {
      await create()
      samples.push(performance.now() - asked)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, createUntilEnd))
  const rate = (samples.length / (performance.now() - start)) * 1000
  return { rate, p50: percentile(samples, 50), p99: percentile(samples, 99) }
}
