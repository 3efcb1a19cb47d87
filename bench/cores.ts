import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/**
 * Who runs where: load comes from the last core, and servers have the others. So neither takes time from the other, and on
 * two cores a server has one to itself, as bare Node does. Without `taskset`, or with one core, everyone runs anywhere.
 */
const cores = availableParallelism()
const canPin = cores > 1 && spawnSync('taskset', ['--version']).status === 0

export type Place = 'load' | 'server'

const coresOf: Readonly<Record<Place, string>> = { load: `${cores - 1}`, server: cores === 2 ? '0' : `0-${cores - 2}` }

/** The command that runs this one there. `taskset` becomes what it starts: the process id stays. */
export const pinned = (place: Place, command: readonly string[]): string[] =>
  canPin ? ['taskset', '-c', coresOf[place], ...command] : [...command]

export const placement = canPin ? `servers on core ${coresOf.server}, load on core ${coresOf.load}` : 'not pinned'
