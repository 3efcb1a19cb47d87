import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ApplicationStore } from '../application/application-store.ts'
import { answerRefusal } from '../http/error-answer.ts'
import { objectBodyOf } from '../http/json-body.ts'
import type { JsonObject } from '../json.ts'
import { refuse } from '../refusals.ts'
import { hasSoundText } from '../sound-text.ts'
import { applicationOf } from './authentication.ts'

/** Bytes of JSON. Source: CONTRACT section 2. */
const storageLimit = 60 * 1024

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

  app.get('/app-storage', async (request) => ({
    ...owner(request),
    data: await applicationStore.readData(applicationOf(request).id),
  }))

  app.post('/app-storage', async (request, reply) => {
    const body = objectBodyOf(request)
    if ('refused' in body) return answerRefusal(reply, body)
    if (!hasSoundText(body.object)) {
      return answerRefusal(reply, refuse('optionInvalid', 'A text has U+0000 or half of a surrogate pair in it.'))
    }
    if (Buffer.byteLength(JSON.stringify(body.object)) > storageLimit) {
      return answerRefusal(reply, refuse('bodyTooLarge', 'The app storage holds at most 60 KiB of JSON.'))
    }
    return write(request, body.object)
  })

  app.delete('/app-storage', async (request) => write(request, null))
}
