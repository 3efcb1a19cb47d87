import type { FastifyInstance } from 'fastify'
import type { TSchema } from 'typebox'
import { Check } from 'typebox/value'

/** Every answer of 200 is, to the key, what its route says that it is. */
export const holdAnswersAgainstSchemas = (app: FastifyInstance): void => {
  app.addHook('onSend', async (request, reply, body) => {
    const schema = (request.routeOptions.schema?.response as Record<string, TSchema> | undefined)?.['200']
    if (reply.statusCode !== 200 || schema === undefined) return
    const answer: unknown = JSON.parse(String(body))
    if (!Check(exact(schema), answer)) throw new Error(`${request.url} answers ${String(body)}`)
  })
}

/** The schema with no place for keys that it does not name. */
const exact = (schema: TSchema): TSchema =>
  JSON.parse(JSON.stringify(schema), (_, part: Record<string, unknown>) =>
    typeof part === 'object' && part['properties'] !== undefined ? { ...part, additionalProperties: false } : part,
  ) as TSchema
