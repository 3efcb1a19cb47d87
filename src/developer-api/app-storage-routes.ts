import type { FastifyInstance, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { ApplicationStore } from '../application/application-store.ts'
import { addRoute } from '../http/route.ts'
import type { JsonObject } from '../json.ts'
import { orNull } from '../payload-wire/or-null.ts'
import { refuse, type Refusal } from '../refusals.ts'
import { applicationOf } from './authentication.ts'
import { soundObjectOf } from './sound-body.ts'

/** Bytes of JSON. Source: CONTRACT section 2. */
const storageLimit = 60 * 1024

/** The Python SDK asks for the second. Source: XRPL-Labs/xumm-sdk-py, xumm/resource/storage.py. */
const paths = ['/app-storage', '/storage']

const held = {
  application: Type.Object({ name: Type.String(), uuidv4: Type.String() }),
  data: orNull(Type.Unsafe<JsonObject>({ type: 'object' })),
}
const Held = Type.Object(held)
const Stored = Type.Object({ ...held, stored: Type.Literal(true) })

/** `/app-storage`: one JSON object per application. */
export const addAppStorageRoutes = (
  app: FastifyInstance,
  { applicationStore }: { readonly applicationStore: Pick<ApplicationStore, 'readData' | 'writeData'> },
): void => {
  const read = async (request: FastifyRequest) => {
    const { id, name } = applicationOf(request)
    return { application: { name, uuidv4: id }, data: await applicationStore.readData(id) }
  }
  const write = async (request: FastifyRequest, data: JsonObject | null) => {
    const { id, name } = applicationOf(request)
    await applicationStore.writeData(id, data)
    return { application: { name, uuidv4: id }, data, stored: true as const }
  }

  for (const url of paths) {
    addRoute(app, { method: 'GET', url, answer: Held, handle: ({ request }) => read(request) })

    addRoute(app, {
      method: 'POST',
      url,
      answer: Stored,
      handle: async ({ request }) => {
        const body = soundObjectOf(request)
        if ('refused' in body) return body
        return checkData(body.object) ?? (await write(request, body.object))
      },
    })

    addRoute(app, { method: 'DELETE', url, answer: Stored, handle: ({ request }) => write(request, null) })
  }
}

const checkData = (data: JsonObject): Refusal | null => {
  const isTooLarge = Buffer.byteLength(JSON.stringify(data)) > storageLimit
  return isTooLarge ? refuse('bodyTooLarge', 'The app storage holds at most 60 KiB of JSON.') : null
}
