import { cpus, release, totalmem } from 'node:os'
import { placement } from './cores.ts'

/** Where figures were taken, as far as it matters for them. */
export interface Machine {
  readonly processor: string
  readonly memory: string
  readonly system: string
  readonly node: string
  readonly placement: string
}

export const thisMachine = (): Machine => {
  const processors = cpus()
  return {
    processor: `${processors.length} x ${processors[0]?.model ?? 'unknown'}`,
    memory: `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    system: `${process.platform} ${release().split('-')[0]!}`,
    node: process.version,
    placement,
  }
}
