import type { Configuration } from '../configuration/configuration.ts'

/**
 * What one worker may hold of what the node may: the whole stays below the limit, although the kernel spreads connections
 * unevenly and one worker may be full before the others. Limits on
 * rates, on one payload and on work under way hold for each worker, as they do for each of several nodes: a client that
 * keeps one connection would otherwise meet a fraction of them.
 */
export const shareOf = (configuration: Configuration): Configuration => ({
  ...configuration,
  socketsPerNode: Math.ceil(configuration.socketsPerNode / configuration.workers),
  socketsPerAddressOnNode: Math.ceil(configuration.socketsPerAddressOnNode / configuration.workers),
})
