import { Counter, type Registry } from 'prom-client'
import type { RefusalReason } from '../refusals.ts'

/** @returns to be told of each signature that was refused and kept */
export const measureRefusedSignatures = (registry: Registry): ((reason: RefusalReason) => void) => {
  const refused = new Counter({
    name: 'countersign_refused_signatures_total',
    help: 'Signatures that decoded and did not pass, by the check that failed. The wallet may have submitted them.',
    labelNames: ['reason'],
    registers: [registry],
  })
  return (reason) => refused.inc({ reason })
}
