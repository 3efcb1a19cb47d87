import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import type { RegisteredDevice } from '../device/device.ts'
import type { Devices } from '../device/devices.ts'
import type { ReadClientAddress } from '../http/client-address.ts'
import { answerRefusal } from '../http/error-answer.ts'
import { answerRateLimited } from '../http/rate-limited.ts'
import type { RateLimit } from '../http/rate-limit.ts'
import { isRefusal } from '../refusals.ts'

/** Per client address. */
export interface WalletLimits {
  readonly addUser: RateLimit
  readonly activateDevice: RateLimit
  /** Authentications that failed; the developer API counts by the same. */
  readonly failedAuthentication: RateLimit
}

export interface AdmissionOptions {
  readonly devices: Pick<Devices, 'authenticate'>
  readonly readClientAddress: ReadClientAddress
  /** Null: none. */
  readonly limits: WalletLimits | null
}

const callerKey = 'caller'

/** The device that calls; only in routes that `Admission.device` or `Admission.refreshingDevice` let it into. */
export const callerOf = (request: FastifyRequest): RegisteredDevice => request.getDecorator<RegisteredDevice>(callerKey)

/** Who may call which routes. */
export interface Admission {
  /** Anyone, so often. */
  limited(limit: (limits: WalletLimits) => RateLimit): onRequestAsyncHookHandler
  /** An active device. */
  readonly device: onRequestAsyncHookHandler
  /** An active device whose fourth part may be outdated. */
  readonly refreshingDevice: onRequestAsyncHookHandler
}

export const admission = ({ devices, readClientAddress, limits }: AdmissionOptions): Admission => {
  const limitFor = (
    request: FastifyRequest,
    limit: (limits: WalletLimits) => RateLimit,
  ): { limit: RateLimit; key: string } | null => {
    if (limits === null) return null
    const { key, exempt } = readClientAddress(request.raw)
    return exempt ? null : { limit: limit(limits), key }
  }

  const device =
    (refreshing: boolean): onRequestAsyncHookHandler =>
    async (request, reply): Promise<FastifyReply | undefined> => {
      const failures = limitFor(request, ({ failedAuthentication }) => failedAuthentication)
      const allowance = failures?.limit.peek(failures.key)
      if (allowance?.allowed === false) return answerRateLimited(reply, allowance)
      const caller = await devices.authenticate(request.headers.authorization, refreshing)
      if (!isRefusal(caller)) {
        request.setDecorator(callerKey, caller)
        return undefined
      }
      // a device that has to refresh has proved itself
      if (caller.refused !== 'bearerHashWrong') failures?.limit.take(failures.key)
      return answerRefusal(reply, caller)
    }

  return {
    limited: (choose) => async (request, reply) => {
      const limited = limitFor(request, choose)
      const allowance = limited?.limit.take(limited.key)
      return allowance?.allowed === false ? answerRateLimited(reply, allowance) : undefined
    },
    device: device(false),
    refreshingDevice: device(true),
  }
}

/** The name under which a request keeps its caller, to be declared before the routes. */
export const declareCaller = (app: FastifyInstance): void => {
  app.decorateRequest(callerKey, null)
}
