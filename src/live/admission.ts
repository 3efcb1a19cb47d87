import type { Hub } from './hub.ts'
import type { LiveSettings } from './live-settings.ts'
import type { RefusalCounter } from './live-stats.ts'

/** Where a request comes from, as limits see it. */
export interface ClientAddress {
  /** IPv4 address, or the /64 of an IPv6 address. */
  readonly key: string
  /** Limits per address do not hold for it. */
  readonly exempt: boolean
}

/** Why a newcomer gets no socket: how it is answered before the upgrade, and where it is counted. */
export interface NotAdmitted {
  readonly status: 429 | 503
  readonly sentence: string
  readonly retryAfterSeconds: number
  readonly counter: RefusalCounter
}

/** Our choice throughout; `Retry-After` says how soon a second try may fare better. */
export const notAdmitted = {
  draining: {
    status: 503,
    sentence: 'This server is restarting.',
    retryAfterSeconds: 2,
    counter: 'refusedDraining',
  },
  nodeFull: {
    status: 503,
    sentence: 'This server has no place for another socket.',
    retryAfterSeconds: 10,
    counter: 'refusedNodeFull',
  },
  addressOnNode: {
    status: 429,
    sentence: 'Your address has too many sockets on this server.',
    retryAfterSeconds: 60,
    counter: 'refusedAddressOnNode',
  },
  addressOnPayload: {
    status: 429,
    sentence: 'Your address watches this payload with too many sockets.',
    retryAfterSeconds: 60,
    counter: 'refusedAddressOnPayload',
  },
} as const satisfies Record<string, NotAdmitted>

/** @returns null when it may come in; a payload that is full is no reason, since there somebody gives way */
export const whyNotAdmitted = (
  hub: Hub,
  settings: LiveSettings,
  payloadId: string,
  { key, exempt }: ClientAddress,
): NotAdmitted | null => {
  if (hub.isDraining) return notAdmitted.draining
  if (hub.socketCount >= settings.socketsPerNode) return notAdmitted.nodeFull
  if (exempt) return null
  if (hub.countOnNode(key) >= settings.socketsPerAddressOnNode) return notAdmitted.addressOnNode
  if (hub.countFrom(payloadId, key) >= settings.socketsPerAddress) return notAdmitted.addressOnPayload
  return null
}
