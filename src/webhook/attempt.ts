import type { Milliseconds } from '../clock.ts'
import type { AddressPolicy } from './address-policy.ts'
import { readAnswer } from './answer.ts'
import type { AttemptResult } from './attempt-result.ts'
import { CheckedConnection, ForbiddenAddress } from './checked-connection.ts'
import { systemResolver, type ResolveName } from './resolve-name.ts'
import { readTarget } from './target.ts'

export interface AttemptOptions {
  readonly policy: AddressPolicy
  readonly resolve?: ResolveName
  /** For the whole attempt, from the lookup to the last byte. */
  readonly timeLimit?: Milliseconds
  /** What is read and kept of an answer's body. */
  readonly maxResponseBytes?: number
  /** Of an answer's status line and headers; a longer head ends the attempt. */
  readonly maxHeaderBytes?: number
}

export interface AttemptRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly requireHttps: boolean
}

/** Makes one attempt; nothing is repeated or followed here. @param stop gives up the attempt under way */
export type MakeAttempt = (request: AttemptRequest, stop: AbortSignal) => Promise<AttemptResult>

/**
 * Each attempt has a connection of its own, which ends with it. One that was kept for the next would reach an address that
 * its name may have left, and might be closed by the receiver at that very moment, which costs an attempt.
 */
export const attemptMaker = ({
  policy,
  resolve = systemResolver(),
  timeLimit = 15_000,
  maxResponseBytes = 16 * 1024,
  maxHeaderBytes = 16 * 1024,
}: AttemptOptions): MakeAttempt => {
  return async ({ url, headers, body, requireHttps }, stop) => {
    const target = readTarget(url, requireHttps)
    if (typeof target === 'string') return { stage: 'url', problem: target }
    // loaded by the first attempt, not by every start
    const { Client, errors } = await import('undici')
    if (stop.aborted) return { stage: 'stopped' }

    const connection = new CheckedConnection(policy, resolve)
    // one limit holds for everything, so undici needs none of its own
    const client = new Client(target.origin, {
      connect: connection.connect,
      allowH2: false,
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    const cutOff = new AbortController()
    cutOff.signal.addEventListener('abort', () => {
      connection.destroy()
      void client.destroy()
    })
    const timer = setTimeout(() => cutOff.abort('late'), timeLimit)
    const onStop = (): void => cutOff.abort('stopped')
    stop.addEventListener('abort', onStop)
    try {
      const answer = await client.request({
        method: 'POST',
        path: target.path,
        headers: target.authorization === null ? headers : { ...headers, authorization: target.authorization },
        body,
        // tells the receiver that nothing else will come on this connection
        reset: true,
      })
      return await readAnswer(answer, maxResponseBytes, cutOff.signal)
    } catch (error) {
      if (cutOff.signal.aborted) {
        return cutOff.signal.reason === 'late' ? { stage: 'timeout', during: connection.stage } : { stage: 'stopped' }
      }
      // the parser's errors have no code where the first bytes are no HTTP at all
      if (error instanceof errors.HTTPParserError) return { stage: connection.stage, code: 'HTTP_PARSER' }
      return failure(error, connection)
    } finally {
      clearTimeout(timer)
      stop.removeEventListener('abort', onStop)
      connection.destroy()
      await client.destroy()
    }
  }
}

const failure = (error: unknown, { stage }: CheckedConnection): AttemptResult => {
  if (error instanceof ForbiddenAddress) {
    return { stage: 'address', address: error.address, objection: error.objection }
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return { stage, code: error.code }
  throw error
}
