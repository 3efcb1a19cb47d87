import type {
  FastifyContextConfig,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchema,
  onRequestAsyncHookHandler,
} from 'fastify'
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/schema'
import { isJsonObject, type Json } from '../json.ts'
import { isRefusal, refuse, type Refusal, type RefusalReason } from '../refusals.ts'
import { hasSoundText } from '../sound-text.ts'
import { answerRefusal } from './error-answer.ts'
import { bodyOf } from './json-body.ts'

/** One route, whole: who may call it, what it takes, what it answers. */
export interface Route<Body extends TSchema, Answer extends TSchema> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly url: string
  /** Lets the call in, or answers it; left out where a hook of the whole plugin does, or anyone may call. */
  readonly admit?: onRequestAsyncHookHandler
  readonly config?: FastifyContextConfig
  /** Left out where the route needs no body, or reads it by itself; what comes else is not looked at. */
  readonly body?: { readonly schema: Body; readonly refusal: RefusalReason }
  /** The answer's type and its documentation: what `handle` returns is sent as it is. */
  readonly answer: Answer
  readonly handle: (call: Call<Static<Body>>) => Promise<Static<Answer> | Refusal>
}

export interface Call<Body> {
  readonly request: FastifyRequest
  /** The call's uuid, as in `x-call-ref`. */
  readonly callId: string
  readonly body: Body
}

export const addRoute = <Answer extends TSchema, Body extends TSchema = TSchema>(
  app: FastifyInstance,
  { method, url, admit, config, body, answer, handle }: Route<Body, Answer>,
): void => {
  const schema: FastifySchema = { ...(body === undefined ? {} : { body: body.schema }), response: { 200: answer } }
  const readBody = body === undefined ? noBody : bodyReader(body.schema, body.refusal)
  app.route({
    method,
    url,
    exposeHeadRoute: false,
    schema,
    ...(admit === undefined ? {} : { onRequest: admit }),
    ...(config === undefined ? {} : { config }),
    handler: async (request, reply): Promise<FastifyReply> => {
      const read = readBody(request)
      if (isRefusal(read)) return answerRefusal(reply, read)
      const answered = await handle({ request, callId: request.id, body: read.body as Static<Body> })
      return isRefusal(answered) ? answerRefusal(reply, answered) : reply.send(answered)
    },
  })
}

/** Fastify's own checking would coerce, its serialising drop and coerce; here schemas only describe. */
export const onlyDescribeBySchemas = (app: FastifyInstance): void => {
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer))
}

type BodyReader = (request: FastifyRequest) => { readonly body: unknown } | Refusal

const noBody: BodyReader = () => ({ body: undefined })

/** An empty body is an empty object; a field that is null counts as absent. */
const bodyReader = (schema: TSchema, refusal: RefusalReason): BodyReader => {
  const validator = Compile(schema)
  return (request) => {
    const read = bodyOf(request)
    if ('refused' in read) return refuse(refusal, read.message)
    const body = withoutNulls(read.json ?? {})
    if (!hasSoundText(body)) return refuse(refusal, 'A string has U+0000 or a lone surrogate in it.')
    if (validator.Check(body)) return { body }
    const [, [error]] = validator.Errors(body)
    return refuse(refusal, `The body${error?.instancePath ?? ''} ${error?.message ?? 'is malformed'}.`)
  }
}

const withoutNulls = (value: Json): Json => {
  if (!isJsonObject(value)) return value
  const present = Object.entries(value).filter(([, held]) => held !== null)
  return Object.fromEntries(present.map(([key, held]) => [key, withoutNulls(held)]))
}
