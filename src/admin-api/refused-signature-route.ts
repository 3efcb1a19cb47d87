import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { addRoute } from '../http/route.ts'
import { isoTime } from '../payload-wire/iso-time.ts'
import type { PayloadStore } from '../payload/payload-store.ts'
import { refuse } from '../refusals.ts'
import { readUuid } from '../uuid.ts'

const RefusedSignatures = Type.Object({
  refused_signatures: Type.Array(
    Type.Object({
      txid: Type.Union([Type.String(), Type.Null()]),
      account: Type.Union([Type.String(), Type.Null()]),
      check: Type.String(),
      message: Type.String(),
      refused_at: Type.String(),
    }),
  ),
})

/**
 * `/payloads/<uuid>/refused-signatures`, oldest first: signatures that failed a check, named as in `docs/errors.md`. The
 * wallet may have submitted them all the same.
 */
export const addRefusedSignatureRoute = (
  app: FastifyInstance,
  { payloads }: { readonly payloads: Pick<PayloadStore, 'find' | 'listRefusedSignatures'> },
): void =>
  addRoute(app, {
    method: 'GET',
    url: '/payloads/:id/refused-signatures',
    answer: RefusedSignatures,
    handle: async ({ request }) => {
      const id = readUuid((request.params as { id: string }).id)
      if (id === null || (await payloads.find(id)) === null) return refuse('notFound')
      const refused = await payloads.listRefusedSignatures(id)
      return {
        refused_signatures: refused.map(({ txid, account, reason, message, at }) => ({
          txid,
          account,
          check: reason,
          message,
          refused_at: isoTime(at),
        })),
      }
    },
  })
