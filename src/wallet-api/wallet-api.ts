import type { FastifyPluginAsync } from 'fastify'
import type { ApplicationStore } from '../application/application-store.ts'
import type { Devices } from '../device/devices.ts'
import type { ReadClientAddress } from '../http/client-address.ts'
import { answerErrors, answerRefusal } from '../http/error-answer.ts'
import { acceptJsonBodies } from '../http/json-body.ts'
import type { JsonObject } from '../json.ts'
import type { Payloads } from '../payload/payloads.ts'
import { refuse } from '../refusals.ts'
import { admission, declareCaller, type WalletLimits } from './admission.ts'
import { addDeviceRoutes } from './device-routes.ts'
import { addEmptyRoutes } from './empty-routes.ts'
import { addPayloadRoutes } from './payload-routes.ts'
import { addPermissionRoutes } from './permission-routes.ts'
import { addPingRoute } from './ping-route.ts'
import { onlyDescribeBySchemas } from './route.ts'

export interface WalletApiDependencies {
  readonly devices: Devices
  readonly payloads: Payloads
  readonly applications: Pick<ApplicationStore, 'find' | 'listGrants' | 'revokeGrant'>
  /** Whether a sign page is open on this payload, on any node. */
  readonly hasPage: (payloadId: string) => boolean
  /** The known networks, as the developer API's `/rails` answers them. */
  readonly rails: JsonObject
  readonly clientAddress: ReadClientAddress
  /** Per client address; null for none. */
  readonly limits: WalletLimits | null
}

/** What wallets speak: everything below `/api/v1/app`, as CONTRACT section 3 has it. */
export const walletApi =
  (dependencies: WalletApiDependencies): FastifyPluginAsync =>
  async (app) => {
    acceptJsonBodies(app)
    answerErrors(app)
    onlyDescribeBySchemas(app)
    declareCaller(app)
    app.setNotFoundHandler((_request, reply) => answerRefusal(reply, refuse('endpointUnknown')))

    const admit = admission(dependencies)
    addDeviceRoutes(app, admit, dependencies.devices)
    addPingRoute(app, admit, dependencies)
    addPayloadRoutes(app, admit, dependencies)
    addPermissionRoutes(app, admit, dependencies.applications)
    addEmptyRoutes(app, admit, dependencies.rails)
  }
