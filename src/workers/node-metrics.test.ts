import { setImmediate } from 'node:timers/promises'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { FakeTime } from '../../test/fake-time.ts'
import type { Figures } from './messages.ts'
import { NodeMetrics, type MeasuredWorker } from './node-metrics.ts'

/** The figures of a worker: so many sockets, requests and answers of 5 ms; how late it is; an unknown backlog perhaps. */
const figuresOf = async (value: number, backlog = 7): Promise<Figures> => {
  const registers = [new Registry()]
  const [sockets, least, most, due] = (['sum', 'min', 'max', 'max'] as const).map(
    (aggregator, at) => new Gauge({ name: ['sockets', 'least', 'most', 'due'][at]!, help: 'a', aggregator, registers }),
  )
  for (const gauge of [sockets, least, most]) gauge!.set(value)
  due!.set(backlog)
  new Counter({ name: 'requests', help: 'a', labelNames: ['route'], registers }).inc({ route: '/' }, value)
  const durations = new Histogram({ name: 'durations', help: 'a', buckets: [1, 10], registers })
  for (let count = 0; count < value; count++) durations.observe(5)
  // as it arrives from another process
  return structuredClone(await registers[0]!.getMetricsAsJSON())
}

const aNode = (...given: (Figures | null)[]) => {
  const time = new FakeTime()
  const workers = new Set<MeasuredWorker>()
  const metrics = new NodeMetrics(() => workers, time)
  const add = (figures: Figures | null, isListening = true): MeasuredWorker => {
    const worker = { isListening, askForFigures: () => queueMicrotask(() => metrics.hear(worker, figures)) }
    workers.add(worker)
    return worker
  }
  const members = given.map((figures) => add(figures))
  const read = async (): Promise<Record<string, string>> => {
    const lines = (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    return Object.fromEntries(lines.map((line) => line.split(' ') as [string, string]))
  }
  return { time, workers, metrics, members, add, read }
}

describe('the metrics of a node with several workers', () => {
  it('add up what can be added, and take the least, the most or the unknown of the rest', async () => {
    const { read } = aNode(await figuresOf(1), await figuresOf(3, NaN))
    expect(await read()).toEqual({
      sockets: '4',
      least: '1',
      most: '3',
      due: 'Nan',
      'requests{route="/"}': '4',
      'durations_bucket{le="1"}': '0',
      'durations_bucket{le="10"}': '4',
      'durations_bucket{le="+Inf"}': '4',
      durations_sum: '20',
      durations_count: '4',
    })
  })

  it('keep the counts of workers that have ended, however many, and nothing else of them', async () => {
    const { read, workers, metrics, members, add } = aNode(await figuresOf(1), await figuresOf(2), await figuresOf(3))
    await read()
    for (const member of members.slice(1)) {
      workers.delete(member)
      metrics.forget(member)
    }
    add(await figuresOf(10))
    expect(await read()).toMatchObject({
      sockets: '11',
      most: '10',
      'requests{route="/"}': '16',
      'durations_bucket{le="10"}': '16',
      durations_count: '16',
    })
  })

  it('wait two seconds for a worker that hangs, and take what it gave last', async () => {
    const { read, members, time } = aNode(await figuresOf(1), await figuresOf(2))
    await read()
    Object.assign(members[1]!, { askForFigures: () => undefined })
    const reading = read()
    await setImmediate()
    time.pass(2_000)
    expect(await reading).toMatchObject({ sockets: '3' })
  })

  it('do not wait for a worker that ends meanwhile, has not started, or cannot read its figures', async () => {
    const { read, members, workers, metrics, add } = aNode(await figuresOf(1), await figuresOf(2), null)
    add(await figuresOf(100), false)
    Object.assign(members[1]!, { askForFigures: () => undefined })
    const reading = read()
    await setImmediate()
    workers.delete(members[1]!)
    metrics.forget(members[1]!)
    expect(await reading).toMatchObject({ sockets: '1' })
  })
})
