import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ApplicationStore } from '../application/application-store.ts'
import { errorBody } from '../http/error-answer.ts'
import type { Payloads } from '../payload/payloads.ts'
import { refuse } from '../refusals.ts'
import { readUuid } from '../uuid.ts'
import { addAssetRoute } from './asset-route.ts'
import { loadAssets } from './assets.ts'
import { boundedMemo } from './bounded-memo.ts'
import { deepLink } from './deep-link.ts'
import { trusted } from './html.ts'
import { iconSource } from './icon-source.ts'
import { pageSender } from './page-sender.ts'
import { drawQr, mediaTypes, type PictureFormat } from './qr-picture.ts'
import type { QrQuality } from './qr.ts'
import { requestPage } from './request-page.ts'
import { inertPolicy, securityHeaders } from './security-headers.ts'
import { signLink, socketLink } from './sign-links.ts'
import { isOver, standingOf } from './standing.ts'
import { readTarget, type Picture } from './target.ts'
import { english } from './words.ts'

export interface SignPageOptions {
  readonly payloads: Pick<Payloads, 'peek'>
  readonly applications: Pick<ApplicationStore, 'find'>
  /** What users see, without a slash at its end. It may follow from the listening address, so it is asked when needed. */
  readonly publicUrl: () => string
  /** The form of the wallet's deep link, with `{host}` and `{id}`. */
  readonly deepLink: string
  /** Who may frame the page, as in a Content-Security-Policy. */
  readonly frameAncestors: string
}

/** Codes kept ready, some 10 KiB each; drawing one takes milliseconds in which nothing else happens. */
const codesKept = 256

/** Everything below `/sign`: the page of a sign request, its QR code in three forms, and the way into the wallet. */
export const signPage = async (app: FastifyInstance, options: SignPageOptions): Promise<void> => {
  const { payloads, applications, publicUrl, frameAncestors } = options
  const words = english
  const assets = loadAssets()
  const pages = pageSender({ publicUrl, frameAncestors, assets, words })

  const draw = boundedMemo(codesKept, (key) => {
    const [format, quality, id] = key.split(' ') as [PictureFormat, QrQuality, string]
    return drawQr(signLink(publicUrl(), id), quality, format)
  })
  const code = ({ id, quality, format }: Picture): Buffer => draw(`${format} ${quality} ${id}`)

  const sendRequest = async (reply: FastifyReply, id: string | null, codeOnly: boolean): Promise<FastifyReply> => {
    const found = id === null ? null : await payloads.peek(id)
    const application = found && (await applications.find(found.payload.applicationId))
    if (id === null || found === null || application === null) return pages.notFound(reply)
    const icon = iconSource(application.iconUrl, publicUrl())
    const view = {
      ...found,
      application,
      codeOnly,
      iconUrl: icon?.url ?? null,
      // the smallest code is the easiest to scan from a screen, which gets no scratches
      qr: trusted(code({ id, quality: 'm', format: 'svg' }).toString()),
      socketUrl: socketLink(publicUrl(), id),
      deepLink: deepLink(options.deepLink, publicUrl(), id),
    }
    return pages.send(reply, 200, requestPage(view, words), icon?.origin ?? null)
  }

  const sendPicture = async (reply: FastifyReply, picture: Picture): Promise<FastifyReply> => {
    const known = (await payloads.peek(picture.id)) !== null
    // pages of other origins embed these
    reply.headers({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'content-security-policy': inertPolicy,
      'cache-control': known ? 'public, max-age=86400' : 'no-store',
    })
    if (known) return reply.type(mediaTypes[picture.format]).send(code(picture))
    if (picture.format !== 'json') return pages.notFound(reply)
    return reply.code(404).send(errorBody(refuse('payloadNotFound'), reply.request.id))
  }

  const sendToWallet = async (reply: FastifyReply, id: string | null): Promise<FastifyReply> => {
    const found = id === null ? null : await payloads.peek(id)
    if (id === null || found === null) return pages.notFound(reply)
    // a wallet could only say that it is too late; the page says what became of it
    const over = isOver(standingOf(found.payload, found.now))
    const target = over ? signLink(publicUrl(), id) : deepLink(options.deepLink, publicUrl(), id)
    return reply.headers({ 'content-security-policy': inertPolicy, 'cache-control': 'no-store' }).redirect(target, 302)
  }

  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(securityHeaders)
  })
  app.setErrorHandler((error, request, reply) => {
    request.log.error({ err: error, reference: request.id }, 'sign page failed')
    return pages.fault(reply, error)
  })

  app.get<{ Params: { part: string } }>('/sign/:part', async (request, reply) => {
    const target = readTarget(request.params.part)
    if (target === null) return pages.notFound(reply)
    return target.kind === 'page' ? sendRequest(reply, target.id, false) : sendPicture(reply, target)
  })
  app.get<{ Params: { id: string } }>('/sign/:id/qr', async (request, reply) =>
    sendRequest(reply, readUuid(request.params.id), true),
  )
  app.get<{ Params: { id: string } }>('/sign/:id/deeplink', async (request, reply) =>
    sendToWallet(reply, readUuid(request.params.id)),
  )
  addAssetRoute(app, assets, pages)
  for (const path of ['/sign', '/sign/*']) app.get(path, async (_request, reply) => pages.notFound(reply))
}
