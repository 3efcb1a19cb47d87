import { isJsonObject, type JsonObject } from '../json.ts'
import type { Milliseconds } from '../clock.ts'
import { WalletApiError, WalletError } from './wallet-error.ts'

export interface WalletCallOptions {
  readonly fetch?: typeof fetch
  /** For one call; the real wallet waits 100 s. */
  readonly timeLimit?: Milliseconds
}

export interface WalletCall {
  /** Base URL without a slash at its end. */
  readonly server: string
  readonly method: 'GET' | 'POST' | 'PATCH'
  /** Below `/api/v1/app`. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: JsonObject
}

/**
 * One call of the wallet API. Anything but a JSON object with status 200 and no `error` in it is a failure, as it is to
 * the real wallet. Source: XRPL-Labs/Xaman-App, src/services/ApiService.ts (fetch).
 *
 * @throws WalletApiError when the server said no, WalletError when it could not be reached
 */
export const callWalletApi = async (
  { server, method, path, headers = {}, body }: WalletCall,
  { fetch: send = fetch, timeLimit = 100_000 }: WalletCallOptions,
): Promise<JsonObject> => {
  const request: RequestInit = {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    signal: AbortSignal.timeout(timeLimit),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }
  const { status, text } = await exchange(send, `${server}/api/v1/app${path}`, request)
  const answer = parse(text)
  if (status === 200 && answer !== null && !('error' in answer)) return answer
  throw refusalIn(answer, status)
}

const exchange = async (send: typeof fetch, url: string, request: RequestInit) => {
  try {
    const response = await send(url, request)
    return { status: response.status, text: await response.text() }
  } catch (fault) {
    throw new WalletError(`The server at ${new URL(url).origin} could not be reached.`, { cause: fault })
  }
}

const parse = (text: string): JsonObject | null => {
  try {
    const answer: unknown = JSON.parse(text)
    return isJsonObject(answer) ? answer : null
  } catch {
    return null
  }
}

const refusalIn = (answer: JsonObject | null, status: number): WalletApiError => {
  const error = answer !== null && isJsonObject(answer['error']) ? answer['error'] : {}
  const { message, code, reference } = error
  return new WalletApiError(
    typeof message === 'string' ? message : `The server answered with HTTP status ${status}.`,
    typeof code === 'number' ? code : status,
    typeof reference === 'string' ? reference : null,
  )
}

/** A text inside an answer. */
export const textAt = (answer: JsonObject, ...path: readonly string[]): string => {
  let value: unknown = answer
  for (const key of path) value = isJsonObject(value) ? value[key] : undefined
  if (typeof value !== 'string') throw new WalletError(`The server's answer has no ${path.join('.')}.`)
  return value
}
