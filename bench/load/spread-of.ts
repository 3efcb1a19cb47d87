import { percentile } from '../figures.ts'

/** How samples lie, in their unit. */
export interface Spread {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

export const spreadOf = (samples: readonly number[]): Spread => {
  if (samples.length === 0) throw new Error('there is nothing to measure: nothing arrived')
  const [p50, p99, p999, max] = [50, 99, 99.9, 100].map((percent) => percentile(samples, percent))
  return { count: samples.length, p50: p50!, p99: p99!, p999: p999!, max: max! }
}
