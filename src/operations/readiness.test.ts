import { describe, expect, it } from 'vitest'
import { isReady, readExcluded, type Readiness } from './readiness.ts'

const well: Readiness = { database: true, bus: true, clock: true, draining: false }
const nothing = readExcluded(undefined) as ReadonlySet<'bus' | 'clock'>

describe('readiness', () => {
  it('is given when all is well, and taken away by each thing that is not', () => {
    expect(isReady(well, nothing)).toBe(true)
    for (const wrong of [{ database: false }, { bus: false }, { clock: false }, { draining: true }]) {
      expect(isReady({ ...well, ...wrong }, nothing), JSON.stringify(wrong)).toBe(false)
    }
  })

  it('goes without what is excluded, and without nothing else', () => {
    const bus = new Set(['bus'] as const)
    expect(isReady({ ...well, bus: false }, bus)).toBe(true)
    expect(isReady({ ...well, bus: false, clock: false }, bus)).toBe(false)
    expect(isReady({ ...well, bus: false, clock: false }, new Set(['bus', 'clock'] as const))).toBe(true)
    expect(isReady({ ...well, database: false }, bus)).toBe(false)
    expect(isReady({ ...well, draining: true }, bus)).toBe(false)
  })

  it.each([
    [undefined, []],
    ['bus', ['bus']],
    ['bus,clock', ['bus', 'clock']],
    [
      ['clock', ' bus '],
      ['clock', 'bus'],
    ],
    [
      ['bus,clock', 'bus'],
      ['bus', 'clock'],
    ],
  ])('reads exclude=%j', (given, names) => {
    expect(readExcluded(given)).toEqual(new Set(names))
  })

  it.each(['database', 'draining', 'BUS', '', 'bus,', 'bus,redis'])('refuses exclude=%j', (given) => {
    expect(readExcluded(given)).toEqual({ refused: 'readinessCheckUnknown' })
  })
})
