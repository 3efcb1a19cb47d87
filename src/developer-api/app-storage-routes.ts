import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ApplicationStore } from '../application/application-store.ts'
import { answerRefusal } from '../http/error-answer.ts'
import { objectBodyOf } from '../http/json-body.ts'
import type { JsonObject } from '../json.ts'
import { refuse, type Refusal } from '../refusals.ts'
import { hasSoundText } from '../sound-text.ts'
import { applicationOf } from './authentication.ts'

/** Bytes of JSON. Source: CONTRACT section 2. */
const storageLimit = 60 * 1024

/** The Python SDK asks for the second. Source: XRPL-Labs/xumm-sdk-py, xumm/resource/storage.py. */
const paths = ['/app-storage', '/storage']

/** `/app-storage`: one JSON object per application. */
export const appStorageRoutes = (
  app: FastifyInstance,
  { applicationStore }: { readonly applicationStore: Pick<ApplicationStore, 'readData' | 'writeData'> },
): void => {
  const owner = (request: FastifyRequest) => {
    const { id, name } = applicationOf(request)
    return { application: { name, uuidv4: id } }
  }
  const write = async (request: FastifyRequest, data: JsonObject | null) => {
    await applicationStore.writeData(applicationOf(request).id, data)
    return { ...owner(request), stored: true, data }
  }

  for (const path of paths) {
    app.get(path, async (request) => ({
      ...owner(request),
      data: await applicationStore.readData(applicationOf(request).id),
    }))

    app.post(path, async (request, reply) => {
      const body = objectBodyOf(request)
      if ('refused' in body) return answerRefusal(reply, body)
      const refusal = checkData(body.object)
      return refusal === null ? write(request, body.object) : answerRefusal(reply, refusal)
    })

    app.delete(path, async (request) => write(request, null))
  }
}

const checkData = (data: JsonObject): Refusal | null => {
  if (!hasSoundText(data)) return refuse('optionInvalid', 'A text has U+0000 or half of a surrogate pair in it.')
  const isTooLarge = Buffer.byteLength(JSON.stringify(data)) > storageLimit
  return isTooLarge ? refuse('bodyTooLarge', 'The app storage holds at most 60 KiB of JSON.') : null
}
