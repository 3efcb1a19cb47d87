import type { Dispatcher } from 'undici'
import type { Answered } from './attempt-result.ts'

/**
 * Reads what a receiver answered, up to `maxBytes` of its body. The status stands whatever becomes of the body, which is
 * kept for people only.
 *
 * @param cutOff aborted when it is us who end the connection
 */
export const readAnswer = async (
  { statusCode, headers, body }: Pick<Dispatcher.ResponseData, 'statusCode' | 'headers' | 'body'>,
  maxBytes: number,
  cutOff: AbortSignal,
): Promise<Answered> => {
  const chunks: Buffer[] = []
  let bytes = 0
  let ending: Answered['ending'] = 'whole'
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > maxBytes) {
        ending = 'long'
        break
      }
    }
  } catch {
    ending = cutOff.aborted ? 'late' : 'broken'
  }
  return {
    stage: 'answered',
    status: statusCode,
    retryAfter: single(headers['retry-after']),
    location: single(headers['location']),
    response: readable(Buffer.concat(chunks).subarray(0, maxBytes)),
    ending,
  }
}

const single = (header: string | string[] | undefined): string | null =>
  (Array.isArray(header) ? header[0] : header) ?? null

/** As text, whatever it is: a character that was cut in two is left out, and U+0000, which PostgreSQL refuses, replaced. */
const readable = (bytes: Uint8Array): string =>
  new TextDecoder().decode(bytes, { stream: true }).replaceAll('\0', '\u{FFFD}')
