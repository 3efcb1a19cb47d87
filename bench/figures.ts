/** @param samples in any order */
export const percentile = (samples: readonly number[], percent: number): number => {
  const sorted = samples.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)]!
}

export const milliseconds = (value: number): string => `${value.toFixed(2)} ms`

/** One line: what was measured, ours, the floor's, and how they compare. */
export const line = (what: string, ours: string, floor: string, ratio: number): string =>
  `${what.padEnd(52)}${ours.padStart(14)}${floor.padStart(14)}${`${ratio.toFixed(2)} x`.padStart(10)}`

export const heading = line('', 'countersign', 'floor', 0).replace(/[\d.]+ x$/, 'ratio')
