import { refusals } from '../../src/refusals.ts'
import type { RawAnswer, RawRequest } from './raw-http.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const known = new Set(Object.values(refusals).map(({ code, status }) => `${code} with HTTP ${status}`))

/** What is wrong with an answer to a request that may be malformed; null when it is one that the contract allows. */
export const breachOf = (request: RawRequest, answer: RawAnswer): string | null => {
  const { status, headers } = answer
  const area = areaOf(request.target)
  if (status === 0) return request.hangsUp ? null : 'closed without an answer'
  if (status === 101) return area === 'pages' ? null : 'an upgrade outside the pages'
  if (status >= 400 && asksForSocket(request) && isPlainRefusal(answer)) return null
  if (!uuid.test(headers.get('x-call-ref') ?? '')) return 'x-call-ref is no uuid'
  if (status >= 200 && status < 400) return breachOfSuccess(area, request.method, answer)
  if (status < 400 || status >= 500) return `status ${status}`
  return request.method === 'HEAD' || (area === 'pages' && isPage(answer)) ? null : breachOfRefusal(area, answer)
}

type Area = 'developers' | 'wallets' | 'pages' | 'elsewhere'

/** As the server reads a target: the scheme and host of a proxy's request do not count, nor do slashes too many. */
const areaOf = (target: string): Area => {
  const path = target
    .replace(/^\w+:\/\/[^/]*/, '')
    .split(/[?#]/)[0]!
    .replaceAll(/\/+/g, '/')
  if (/^\/api\/v1\/platform(\/|$)/.test(path)) return 'developers'
  if (/^\/api\/v1\/app(\/|$)/.test(path)) return 'wallets'
  return /^\/sign(\/|$)/.test(path) ? 'pages' : 'elsewhere'
}

const breachOfSuccess = (area: Area, method: string, { status, headers, body }: RawAnswer): string | null => {
  if (area === 'pages' && headers.get('x-content-type-options') !== 'nosniff') return 'may be sniffed'
  if (area === 'pages' && status === 302) return headers.has('location') ? null : 'goes nowhere'
  if (status !== 200) return `status ${status}`
  if (area === 'pages' || area === 'elsewhere' || method === 'HEAD') return null
  const json = parse(body)
  if (typeof json !== 'object' || json === null) return 'a success without JSON'
  return 'error' in json || 'message' in json ? 'a success that an SDK takes for an error' : null
}

const breachOfRefusal = (area: Area, { status, headers, body }: RawAnswer): string | null => {
  const json = parse(body) as any
  if (typeof json !== 'object' || json === null) return 'a refusal without JSON'
  if (json.error === true) {
    if (area === 'wallets') return 'a refusal in the form of the developer API'
    const keys = Object.keys(json).sort().join()
    return keys === 'code,error,message,method,reference,req' && json.code === 404 && status === 404
      ? null
      : 'an unknown endpoint in another form'
  }
  const { error, ...rest } = json
  if (Object.keys(rest).length > 0) return `beside the error: ${Object.keys(rest).join()}`
  if (Object.keys(error).sort().join() !== 'code,message,reference') return `an error of ${Object.keys(error).join()}`
  if (error.reference !== headers.get('x-call-ref')) return 'another reference than in x-call-ref'
  if (typeof error.message !== 'string' || error.message === '') return 'no message'
  return known.has(`${error.code} with HTTP ${status}`) ? null : `${error.code} with HTTP ${status} is in no catalogue`
}

/** The 404 of a person's page, under its policy. */
const isPage = ({ status, headers }: RawAnswer): boolean =>
  status === 404 &&
  headers.get('content-type') === 'text/html; charset=utf-8' &&
  headers.get('x-content-type-options') === 'nosniff' &&
  headers.get('referrer-policy') === 'no-referrer' &&
  (headers.get('content-security-policy') ?? '').startsWith("default-src 'none'")

const asksForSocket = ({ headers }: RawRequest): boolean =>
  headers.some(([name, value]) => name === 'Upgrade' && value === 'websocket')

/** An upgrade that is refused is no call of an API; its refusal is read by a person with a debugger. */
const isPlainRefusal = ({ headers }: RawAnswer): boolean =>
  headers.get('connection') === 'close' && (headers.get('content-type') ?? '').startsWith('text/')

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
