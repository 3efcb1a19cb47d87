import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance } from 'fastify'
import ipaddr from 'ipaddr.js'
import { refuse, type Refusal } from '../refusals.ts'
import { answerRefusal } from './error-answer.ts'

/**
 * For what operators and developers use with a browser: this instance and those below it answer only under a name of
 * this server's own, and take writes only from its own pages. So neither a foreign name that is made to resolve to
 * this machine nor a foreign page gets anywhere. Source: CONTRACT section 6.
 *
 * @param publicUrl what users see; asked at every call, since it may follow from the listening address
 */
export const answerOnlyAsOwnSite = (app: FastifyInstance, publicUrl: () => string): void => {
  app.addHook('onRequest', async (request, reply) => {
    const refusal = checkOwnSite(request.method, request.headers, publicUrl())
    return refusal === null ? undefined : answerRefusal(reply, refusal)
  })
}

/** Null when the request may pass; else `misdirectedHost` or `crossOriginWrite`. */
export const checkOwnSite = (
  method: string,
  { host, origin, 'sec-fetch-site': site }: IncomingHttpHeaders,
  publicUrl: string,
): Refusal | null => {
  const asked = readHost(host)
  if (asked === null || !isOwnName(asked.hostname, publicUrl)) return refuse('misdirectedHost')
  if (['GET', 'HEAD', 'OPTIONS'].includes(method)) return null
  // browsers send at least one of the two with every write; what sends neither is none, and no page's errand
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return refuse('crossOriginWrite')
  if (origin !== undefined && !isOwnOrigin(origin, asked, publicUrl)) return refuse('crossOriginWrite')
  return null
}

const readHost = (host: string | undefined): URL | null =>
  host === undefined || /[/\\?#@\s]/.test(host) ? null : URL.parse(`http://${host}`)

/** The port does not matter: proxies drop or change it, and a name is all that a foreign site can choose. */
const isOwnName = (hostname: string, publicUrl: string): boolean =>
  isLoopbackName(hostname) || hostname === URL.parse(publicUrl)?.hostname

const isLoopbackName = (hostname: string): boolean => {
  if (hostname === 'localhost') return true
  const address = hostname.replace(/^\[|\]$/g, '')
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'
}

/** PUBLIC_URL's origin; on loopback also that of the very address asked, which a proxy may serve as https. */
const isOwnOrigin = (origin: string, asked: URL, publicUrl: string): boolean =>
  origin === URL.parse(publicUrl)?.origin ||
  (isLoopbackName(asked.hostname) && [`http://${asked.host}`, `https://${asked.host}`].includes(origin))
