/** @param samples in any order; not empty */
export const percentile = (samples: readonly number[], percent: number): number => {
  const sorted = samples.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)]!
}

/** The middle one, or the mean of the two in the middle. */
export const median = (samples: readonly number[]): number => {
  const sorted = samples.toSorted((one, other) => one - other)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}

/** What a figure has to be. The bound is `floorTimes` x the floor's median `plus` so many of the figure's unit. */
export interface Goal {
  readonly is: 'at most' | 'at least'
  /** 0: the floor has no say. */
  readonly floorTimes: number
  readonly plus: number
}

export const atMost = (plus: number): Goal => ({ is: 'at most', floorTimes: 0, plus })
export const atLeast = (plus: number): Goal => ({ is: 'at least', floorTimes: 0, plus })
export const atMostOfFloor = (floorTimes: number, plus = 0): Goal => ({ is: 'at most', floorTimes, plus })
export const atLeastOfFloor = (floorTimes: number): Goal => ({ is: 'at least', floorTimes, plus: 0 })

export type Role = 'ours' | 'floor' | 'peer'

/** One subject's share in a figure: what each round gave, in the figure's unit. */
export interface Row {
  readonly subject: string
  readonly role: Role
  readonly rounds: readonly number[]
  readonly median: number
}

/** One thing that was measured, of everyone it was measured of. */
export interface Figure {
  readonly what: string
  readonly unit: string
  readonly goal: Goal | null
  readonly rows: readonly Row[]
}

/** Our median against the first floor's; null without either. */
export const ratioOf = (figure: Figure, row: Row): number | null => {
  const floor = floorOf(figure)
  return floor === undefined || row.role === 'floor' || floor.median === 0 ? null : row.median / floor.median
}

/** Null where there is no goal, or nothing to hold against it. */
export const isMet = (figure: Figure, row: Row): boolean | null => {
  const { goal } = figure
  if (goal === null || row.role !== 'ours') return null
  const floor = floorOf(figure)?.median ?? 0
  if (goal.floorTimes !== 0 && floor === 0) return null
  const bound = goal.floorTimes * floor + goal.plus
  return goal.is === 'at most' ? row.median <= bound : row.median >= bound
}

export const goalText = ({ goal, unit }: Figure): string => {
  if (goal === null) return ''
  const { is, floorTimes, plus } = goal
  const sign = is === 'at most' ? '≤' : '≥'
  if (floorTimes === 0) return `${sign} ${plus} ${unit}`
  const times = floorTimes === 1 ? 'floor' : `${Number(floorTimes.toFixed(2))} x floor`
  return plus === 0 ? `${sign} ${times}` : `${sign} ${times} + ${plus} ${unit}`
}

const floorOf = (figure: Figure): Row | undefined => figure.rows.find(({ role }) => role === 'floor')
