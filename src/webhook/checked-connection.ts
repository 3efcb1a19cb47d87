import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { buildConnector } from 'undici'
import type { AddressPolicy } from './address-policy.ts'
import type { ResolveName } from './resolve-name.ts'

/** The address is not one that may be reached; nothing was sent there. */
export class ForbiddenAddress extends Error {
  readonly address: string
  readonly objection: string

  constructor(address: string, objection: string) {
    super(`${address} is ${objection}`)
    this.address = address
    this.objection = objection
  }
}

/** A resolver answered with nothing at all. */
class NoAddress extends Error {
  readonly code = 'ENODATA'
}

/** How far a connection has come, and where whatever ends it belongs. */
export type ConnectionStage = 'name' | 'connection' | 'tls' | 'exchange'

/** More addresses of one name are not tried: who controls a name server must not make us knock on a thousand doors. */
const maxAddresses = 8
/** How long one address of several may take before the next is tried as well. */
const addressPatience = 2_000

/**
 * One connection of one attempt, to addresses that were checked.
 *
 * The check is made inside the connection's own lookup, so that the address that was checked is the one connected to,
 * whatever its name resolves to a moment later; an address that stands in the URL itself is looked up by nobody and is
 * checked before. A name of which any address is forbidden is refused as a whole: mixed answers are how a name is made
 * to pass a check with one address and to be reached at another.
 *
 * No proxy of the environment is used, and certificates are verified whatever NODE_TLS_REJECT_UNAUTHORIZED says.
 */
export class CheckedConnection {
  readonly #policy: AddressPolicy
  readonly #resolve: ResolveName
  #stage: ConnectionStage = 'name'
  #socket: Socket | null = null

  constructor(policy: AddressPolicy, resolve: ResolveName) {
    this.#policy = policy
    this.#resolve = resolve
  }

  get stage(): ConnectionStage {
    return this.#stage
  }

  /** For undici, which asks for a connection once. */
  readonly connect: buildConnector.connector = ({ hostname, port, protocol }, callback) => {
    if (isIP(hostname) !== 0) {
      const forbidden = this.#firstForbidden([hostname])
      if (forbidden !== null) {
        callback(forbidden, null)
        return
      }
      this.#stage = 'connection'
    }
    const secure = protocol === 'https:'
    const options = {
      host: hostname,
      port: Number(port !== '' ? port : secure ? 443 : 80),
      lookup: this.#lookup,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: addressPatience,
    }
    const socket = secure ? connectTls({ ...options, ...tlsOptions(hostname) }) : connectTcp(options)
    this.#socket = socket
    socket.setNoDelay(true)
    socket.once('connect', () => (this.#stage = secure ? 'tls' : 'exchange'))
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      this.#stage = 'exchange'
      callback(null, socket)
    })
    socket.on('error', (error: Error) => {
      if (this.#stage !== 'exchange') callback(error, null)
    })
  }

  destroy(): void {
    this.#socket?.destroy()
  }

  readonly #lookup: LookupFunction = (name, { all }, callback) => {
    this.#resolve(name).then(
      (addresses) => {
        const problem = addresses.length === 0 ? new NoAddress() : this.#firstForbidden(addresses)
        const found = addresses.slice(0, maxAddresses).map((address) => ({ address, family: isIP(address) }))
        if (problem === null) this.#stage = 'connection'
        if (all === true) callback(problem, found)
        else callback(problem, found[0]?.address ?? '', found[0]?.family)
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, []),
    )
  }

  #firstForbidden(addresses: readonly string[]): ForbiddenAddress | null {
    for (const address of addresses) {
      const objection = this.#policy.objectionTo(address)
      if (objection !== null) return new ForbiddenAddress(address, objection)
    }
    return null
  }
}

const tlsOptions = (hostname: string): { servername?: string; rejectUnauthorized: true; ALPNProtocols: string[] } => ({
  // names go without the dot at their end, addresses not at all. Source: RFC 6066, section 3
  ...(isIP(hostname) === 0 ? { servername: hostname.replace(/\.$/, '') } : {}),
  rejectUnauthorized: true,
  ALPNProtocols: ['http/1.1'],
})
