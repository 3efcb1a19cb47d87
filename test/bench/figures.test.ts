import { describe, expect, it } from 'vitest'
import {
  atLeastOfFloor,
  atMost,
  atMostOfFloor,
  goalText,
  isMet,
  median,
  percentile,
  ratioOf,
  type Figure,
  type Goal,
} from '../../bench/figures.ts'

const figure = (goal: Goal | null, ours: number, floor: number | null): Figure => ({
  what: 'something',
  unit: 'ms',
  goal,
  rows: [
    { subject: 'countersign', role: 'ours', rounds: [ours], median: ours },
    ...(floor === null ? [] : [{ subject: 'bare', role: 'floor' as const, rounds: [floor], median: floor }]),
  ],
})
const verdict = (goal: Goal | null, ours: number, floor: number | null): boolean | null => {
  const of = figure(goal, ours, floor)
  return isMet(of, of.rows[0]!)
}

describe('figures', () => {
  it('have the percentile that so many samples do not exceed, and the median in the middle', () => {
    expect([1, 50, 99, 100].map((percent) => percentile([5, 3, 1, 4, 2], percent))).toEqual([1, 3, 5, 5])
    expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])]).toEqual([2, 2.5, 7])
  })

  it('hold ours against a goal: a number, or so many times the floor and something more', () => {
    expect([verdict(atMost(4.6), 4.6, null), verdict(atMost(4.6), 4.7, null)]).toEqual([true, false])
    expect([verdict(atMostOfFloor(0.65), 6.5, 10), verdict(atMostOfFloor(0.65), 6.6, 10)]).toEqual([true, false])
    expect([verdict(atMostOfFloor(1, 10), 12, 2), verdict(atMostOfFloor(1, 10), 12.1, 2)]).toEqual([true, false])
    expect([verdict(atLeastOfFloor(0.8), 80, 100), verdict(atLeastOfFloor(0.8), 79, 100)]).toEqual([true, false])
  })

  it('have no verdict without a goal, or without the floor that it speaks of', () => {
    expect([verdict(null, 1, 1), verdict(atMostOfFloor(1), 1, null)]).toEqual([null, null])
    const alone = figure(null, 1, null)
    expect(ratioOf(alone, alone.rows[0]!)).toBeNull()
  })

  it('say their goal in words', () => {
    const goals = [atMost(4.6), atMostOfFloor(0.65), atMostOfFloor(1, 10), atLeastOfFloor(1)]
    expect(goals.map((goal) => goalText(figure(goal, 1, 1)))).toEqual([
      '≤ 4.6 ms',
      '≤ 0.65 x floor',
      '≤ floor + 10 ms',
      '≥ floor',
    ])
  })
})
