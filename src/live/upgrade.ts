import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { whyNotAdmitted, type ClientAddress } from './admission.ts'
import type { Hub } from './hub.ts'
import type { LiveSettings } from './live-settings.ts'
import { readUuid } from '../uuid.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'
import type { AcceptSocket } from './status-socket.ts'

export interface UpgradeDependencies {
  readonly hub: Hub
  readonly settings: LiveSettings
  readonly accept: AcceptSocket
  readonly clientAddress: (request: IncomingMessage) => ClientAddress
}

/** A listener for the `upgrade` event of an HTTP server. */
export type UpgradeHandler = (request: IncomingMessage, stream: Duplex, head: Buffer) => void

/**
 * Opens `/sign/<uuid>` as a status socket, from any origin. What is refused is refused before the upgrade: any other path
 * with 404, and who is not admitted (`admission.ts`) with 503 or 429.
 */
export const upgradeHandler =
  ({ hub, settings, accept, clientAddress }: UpgradeDependencies): UpgradeHandler =>
  (request, stream, head) => {
    const payloadId = payloadIdOf(request.url ?? '')
    if (payloadId === null) {
      refuseUpgrade(stream, 404, 'A status socket is at /sign/<uuid>.')
      return
    }
    const client = clientAddress(request)
    const refused = whyNotAdmitted(hub, settings, payloadId, client)
    if (refused !== null) {
      hub.countRefusal(refused.counter)
      refuseUpgrade(stream, refused.status, refused.sentence, { 'Retry-After': refused.retryAfterSeconds })
      return
    }
    accept(request, stream, head, (socket) => hub.subscribe(socket, payloadId, client.key))
  }

/** Lower case; null for any other path. Repeated and trailing slashes count as one, as in the REST APIs. */
const payloadIdOf = (url: string): string | null => {
  const [path] = url.split('?', 1)
  const parts = path!.split('/').filter((part) => part !== '')
  const [folder, id] = parts
  return parts.length === 2 && folder === 'sign' ? readUuid(id) : null
}
