import { slotCount } from './slot.ts'
import type { RedisAddress } from './urls.ts'

export interface SlotRange {
  readonly from: number
  readonly to: number
  /** The master's. */
  readonly address: RedisAddress
}

/**
 * Reads the answer to CLUSTER SLOTS: for each range its first and last slot, the master and its replicas, a server being
 * host, port, and more.
 *
 * @param asked who answered; a server that does not know under which name it is reached leaves its own host out
 * @throws when it is something else, or when no slot has a server
 */
export const readSlotMap = (answer: unknown, asked: RedisAddress): SlotRange[] => {
  if (!Array.isArray(answer)) throw new Error('the answer to CLUSTER SLOTS makes no sense')
  if (answer.length === 0) throw new Error('the cluster has given its slots to nobody')
  return answer.map((range: unknown) => {
    const [from, to, master] = Array.isArray(range) ? (range as unknown[]) : []
    const [host, port] = Array.isArray(master) ? (master as unknown[]) : []
    if (!isBelow(slotCount, from) || !isBelow(slotCount, to) || !isBelow(65_536, port)) {
      throw new Error('the answer to CLUSTER SLOTS makes no sense')
    }
    const isKnown = typeof host === 'string' && host !== '' && host !== '?'
    return { from, to, address: { host: isKnown ? host : asked.host, port } }
  })
}

const isBelow = (limit: number, value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < limit
