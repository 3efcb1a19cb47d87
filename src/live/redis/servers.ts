import { RedisLink, type RedisLinkOptions } from './link.ts'

/** The way to each channel: one server for all, or those of a cluster. */
export interface RedisServers {
  /** Null while nobody knows. */
  linkFor(channel: string): RedisLink | null
  /** Everything wanted is subscribed where it should be. */
  readonly isUp: boolean
  close(): void
}

export interface RedisServersOptions extends Pick<RedisLinkOptions, 'access' | 'settings' | 'onMessage'> {
  readonly wanted: () => Iterable<string>
  readonly isWanted: (channel: string) => boolean
  /** Messages may have been missed until now, and none from now on. */
  readonly onUp: (what: 'connected' | 'moved') => void
  readonly onDown: (reason: Error) => void
}

export const oneRedisServer = (options: RedisServersOptions): RedisServers => {
  const link = new RedisLink({
    ...options,
    address: options.access.addresses[0]!,
    onUp: () => options.onUp('connected'),
    onTaken: () => undefined,
  })
  return {
    linkFor: () => link,
    get isUp() {
      return link.isUp
    },
    close: () => link.close(),
  }
}
