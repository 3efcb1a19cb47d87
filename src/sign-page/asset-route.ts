import type { FastifyInstance } from 'fastify'
import type { Assets } from './assets.ts'
import type { PageSender } from './page-sender.ts'
import { inertPolicy } from './security-headers.ts'

/** The files of the pages, kept for good by browsers: other content has another version in its address. */
export const addAssetRoute = (app: FastifyInstance, assets: Assets, pages: PageSender): void => {
  app.get<{ Params: { version: string; name: string } }>('/sign/assets/:version/:name', async (request, reply) => {
    const { version, name } = request.params
    const asset = assets.find(name)
    if (asset === null) return pages.notFound(reply)
    // while nodes of two versions run, a page of one may ask the other
    const keeping = version === assets.version ? 'public, max-age=31536000, immutable' : 'no-store'
    return reply
      .headers({ 'content-security-policy': inertPolicy, 'cache-control': keeping })
      .type(asset.mediaType)
      .send(asset.body)
  })
}
