/** Where Redis is and how it lets us in, as `REDIS_URL` says it. */
export interface RedisUrls {
  /** The one server, or those of a cluster that are asked for the others. */
  readonly addresses: readonly RedisAddress[]
  readonly cluster: boolean
  readonly tls: boolean
  /** The user `default` when empty. */
  readonly username: string
  /** Nobody logs in when empty. */
  readonly password: string
}

export interface RedisAddress {
  readonly host: string
  readonly port: number
}

const usualPort = 6379

/**
 * Reads `redis://user:password@host:port`, or `rediss://` for TLS. Several URLs, separated by commas, or one that ends in
 * `?cluster=true`, name servers of a cluster. A database's number at the end is accepted and means nothing: channels are
 * the same for all databases of a server.
 *
 * @returns null when it is written otherwise, or when the URLs of a cluster differ in more than host and port
 */
export const parseRedisUrls = (text: string): RedisUrls | null => {
  const [first, ...others] = text.split(/,(?=\s*rediss?:\/\/)/i).map((part) => parseRedisUrl(part.trim()))
  if (first === undefined || first === null) return null
  const { tls, username, password } = first
  const addresses = [first.address]
  for (const url of others) {
    if (url?.tls !== tls || url.username !== username || url.password !== password) return null
    addresses.push(url.address)
  }
  return { addresses, cluster: first.cluster || others.length > 0, tls, username, password }
}

const parseRedisUrl = (text: string) => {
  const url = URL.parse(text)
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol) || url.hash !== '') return null
  if (!/^(\[[\da-f:.]+\]|[\w.-]+)$/i.test(url.hostname)) return null
  if (!/^(\/\d*)?$/.test(url.pathname) || !['', '?cluster=true', '?cluster=false'].includes(url.search)) return null
  const [username, password] = [decode(url.username), decode(url.password)]
  const port = url.port === '' ? usualPort : Number(url.port)
  if (username === null || password === null || port === 0) return null
  return {
    tls: url.protocol === 'rediss:',
    cluster: url.search === '?cluster=true',
    username,
    password,
    address: { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port },
  }
}

const decode = (text: string): string | null => {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
