import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How a floor says that it is ready. */
export const sayListening = (server: Server): void =>
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
