import { payloadId } from '../database/payload-id.ts'
import { HttpConnection, requestText } from './http-connection.ts'
import { spreadOf, type Spread } from './spread-of.ts'
import type { Wallets } from './wallets.ts'

/** One kind of request, made again and again; `{id}` in the path is the id of the payload whose turn it is. */
export type Plan =
  | {
      readonly by: 'anyone'
      readonly method: 'GET' | 'POST'
      readonly path: string
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: object
    }
  | { readonly by: 'wallets'; readonly act: 'open' | 'resolve' | 'list' }

export interface RequestsRequest {
  readonly port: number
  readonly plan: Plan
  readonly connections: number
  /** The number of the first payload. */
  readonly from?: number
  /** It ends with whichever comes first. */
  readonly seconds?: number
  readonly count?: number
}

export interface Requested {
  readonly perSecond: number
  /** Milliseconds. */
  readonly times: Spread
}

/** Each connection sends its next request when the last one was answered. */
export const sendRequests = async (wallets: Wallets, request: RequestsRequest): Promise<Requested> => {
  const { port, plan, connections, from = 0, seconds = Infinity, count = Infinity } = request
  const textOf = writer(plan, wallets)
  const times: number[] = []
  let next = 0
  const begin = performance.now()
  const end = begin + seconds * 1_000
  const sendMore = async (): Promise<void> => {
    const connection = new HttpConnection(port)
    for (let asked = performance.now(); asked < end && next < count; asked = performance.now()) {
      const text = textOf(payloadId(from + next++))
      const { status, body } = await connection.request(text)
      if (status !== 200) throw new Error(`${text.split('\r\n', 1)[0]!} was answered ${status}: ${body}`)
      times.push(performance.now() - asked)
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: connections }, sendMore))
  return { perSecond: (times.length / (performance.now() - begin)) * 1_000, times: spreadOf(times) }
}

const writer = (plan: Plan, wallets: Wallets): ((id: string) => string) => {
  if (plan.by === 'anyone') {
    const { method, path, headers = {}, body } = plan
    const text = requestText(method, path, headers, body === undefined ? '' : JSON.stringify(body))
    return path.includes('{id}') ? (id) => text.replace('{id}', id) : () => text
  }
  switch (plan.act) {
    case 'open':
      return (id) => wallets.openText(id)
    case 'resolve':
      return (id) => wallets.resolveText(id)
    case 'list':
      return () => wallets.pendingText()
  }
}
