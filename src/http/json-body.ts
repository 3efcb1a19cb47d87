import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Json } from '../json.ts'
import { refuse, type Refusal } from '../refusals.ts'

/** The door for request bodies: every body is JSON, whatever its Content-Type says, and an empty one is none. */
export type Body = { readonly json: Json | undefined } | Refusal

/** In bytes. Source: CONTRACT section 2, "Codes". */
export const bodyLimit = 256 * 1024

/** Levels of nesting; a ledger transaction needs six. */
export const depthLimit = 64

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Makes this instance and those below it read every body by `parseBody`; `bodyOf` then says what came. */
export const acceptJsonBodies = (app: FastifyInstance): void => {
  // without the header fastify asks the one parser below, where it would refuse a malformed header by itself
  app.addHook('onRequest', async (request) => {
    delete request.raw.headers['content-type']
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, bytes: Buffer, done) => {
    done(null, parseBody(bytes))
  })
}

/** What came with the request: its JSON (undefined when empty), or `bodyNotJson`. */
export const bodyOf = (request: FastifyRequest): Body =>
  (request.body as Body | null | undefined) ?? { json: undefined }

/** Refuses with `bodyNotJson`: no UTF-8, no JSON, nested too deeply, a key `__proto__` or an infinite number anywhere. */
export const parseBody = (bytes: Uint8Array): Body => {
  if (bytes.length === 0) return { json: undefined }
  let json: Json
  try {
    json = JSON.parse(utf8.decode(bytes)) as Json
  } catch {
    return refuse('bodyNotJson', 'The body is not valid JSON in UTF-8.')
  }
  const fault = faultOf(json, depthLimit)
  return fault === null ? { json } : refuse('bodyNotJson', fault)
}

const faultOf = (value: Json, levels: number): string | null => {
  // 1e400 reads as Infinity, which would be stored as null
  if (typeof value === 'number' && !Number.isFinite(value)) return 'The body has a number that is too large.'
  if (typeof value !== 'object' || value === null) return null
  if (levels === 0) return `The body nests deeper than ${depthLimit} levels.`
  if (!Array.isArray(value) && Object.hasOwn(value, '__proto__')) return 'The body has a key __proto__.'
  for (const held of Object.values(value)) {
    const fault = faultOf(held, levels - 1)
    if (fault !== null) return fault
  }
  return null
}
