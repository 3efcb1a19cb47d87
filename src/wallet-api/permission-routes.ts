import type { FastifyInstance } from 'fastify'
import Type, { type Static } from 'typebox'
import type { ApplicationStore, Grant } from '../application/application-store.ts'
import { userTokenLifetime } from '../application/user-token.ts'
import { addRoute } from '../http/route.ts'
import { isoTime } from '../payload-wire/iso-time.ts'
import { refuse } from '../refusals.ts'
import { readUuid } from '../uuid.ts'
import { callerOf, type Admission } from './admission.ts'

const Permission = Type.Object({
  app: Type.Object({ id: Type.String(), name: Type.String(), description: Type.String(), icon: Type.String() }),
  urls: Type.Object({
    homepage: Type.String(),
    terms: Type.String(),
    support: Type.String(),
    privacy: Type.String(),
  }),
  grant: Type.Object({
    validity: Type.Number({ description: 'days, from the last signature' }),
    issued: Type.String(),
    expires: Type.String(),
  }),
})

/** Which applications may push to the user. Source: XRPL-Labs/Xaman-App, src/screens/Settings/ThirdPartyApps. */
export const addPermissionRoutes = (
  app: FastifyInstance,
  { device }: Admission,
  applications: Pick<ApplicationStore, 'listGrants' | 'revokeGrant'>,
): void => {
  addRoute(app, {
    method: 'GET',
    url: '/third-party-permissions',
    admit: device,
    answer: Type.Array(Permission),
    handle: async ({ request }) => (await applications.listGrants(callerOf(request).userId)).map(permissionOf),
  })

  addRoute(app, {
    method: 'DELETE',
    url: '/third-party-permissions/:id',
    admit: device,
    answer: Type.Object({ commit: Type.Boolean() }),
    handle: async ({ request }) => {
      const applicationId = readUuid((request.params as { id: string }).id)
      if (applicationId === null) return refuse('notFound')
      const revoked = await applications.revokeGrant(callerOf(request).userId, applicationId)
      return revoked ? { commit: true } : refuse('notFound', 'You granted nothing to an application of this uuid.')
    },
  })
}

const permissionOf = ({ application, userToken }: Grant): Static<typeof Permission> => ({
  app: {
    id: application.id,
    name: application.name,
    description: application.description,
    icon: application.iconUrl,
  },
  urls: { homepage: '', terms: '', support: '', privacy: '' },
  grant: {
    validity: userTokenLifetime / day,
    issued: isoTime(userToken.issuedAt),
    expires: isoTime(userToken.expiresAt),
  },
})

const day = 24 * 60 * 60 * 1000
