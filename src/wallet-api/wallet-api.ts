import type { FastifyInstance } from 'fastify'
import type { ApplicationStore } from '../application/application-store.ts'
import type { Devices } from '../device/devices.ts'
import type { ReadClientAddress } from '../http/client-address.ts'
import { answerErrors, answerRefusal } from '../http/error-answer.ts'
import { acceptJsonBodies } from '../http/json-body.ts'
import { onlyDescribeBySchemas } from '../http/route.ts'
import type { Payloads } from '../payload/payloads.ts'
import { refuse } from '../refusals.ts'
import { admission, declareCaller, type WalletLimits } from './admission.ts'
import { addDeviceRoutes } from './device-routes.ts'
import { addEmptyRoutes } from './empty-routes.ts'
import { addPayloadRoutes } from './payload-routes.ts'
import { addPermissionRoutes } from './permission-routes.ts'
import { addPingRoute } from './ping-route.ts'

export interface WalletApiOptions {
  readonly devices: Devices
  readonly payloads: Payloads
  readonly applications: Pick<ApplicationStore, 'find' | 'listGrants' | 'revokeGrant'>
  /** Whether a sign page is open on this payload, on any node. */
  readonly hasPage: (payloadId: string) => Promise<boolean>
  readonly readClientAddress: ReadClientAddress
  /** Per client address; null for none. */
  readonly limits: WalletLimits | null
}

/**
 * The API for wallets, to be registered under `/api/v1/app` on an instance made with `http/server-options.ts` and
 * `sendCallReference`. Source: CONTRACT section 3.
 */
export const walletApi = async (app: FastifyInstance, options: WalletApiOptions): Promise<void> => {
  acceptJsonBodies(app)
  answerErrors(app)
  onlyDescribeBySchemas(app)
  declareCaller(app)
  app.setNotFoundHandler((_request, reply) => answerRefusal(reply, refuse('endpointUnknown')))

  const admit = admission(options)
  addDeviceRoutes(app, admit, options.devices)
  addPingRoute(app, admit, options)
  addPayloadRoutes(app, admit, options)
  addPermissionRoutes(app, admit, options.applications)
  addEmptyRoutes(app, admit)
}
