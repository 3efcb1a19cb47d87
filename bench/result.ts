import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Figure } from './figures.ts'
import type { Machine } from './machine.ts'

/** What a measurement gave, as it is kept. */
export interface Result {
  readonly measurement: string
  /** ISO 8601. */
  readonly takenAt: string
  readonly command: string
  readonly machine: Machine
  /** How busy the load generator was at most: at 1 the figures would be its own. */
  readonly loadGeneratorBusy: number
  readonly figures: readonly Figure[]
  readonly notes: readonly string[]
}

export const resultsFolder = join(import.meta.dirname, 'results')

/** The last of each measurement. */
export const keepResult = (result: Result): string => {
  mkdirSync(resultsFolder, { recursive: true })
  const path = join(resultsFolder, `${result.measurement}.json`)
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`)
  return path
}
