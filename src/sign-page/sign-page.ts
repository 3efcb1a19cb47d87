import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ApplicationStore } from '../application/application-store.ts'
import { DatabaseUnavailable } from '../database-unavailable.ts'
import { errorBody } from '../http/error-answer.ts'
import type { Payloads } from '../payload/payloads.ts'
import { refuse } from '../refusals.ts'
import { readUuid } from '../uuid.ts'
import { loadAssets } from './assets.ts'
import { boundedMemo } from './bounded-memo.ts'
import { deepLink } from './deep-link.ts'
import { document, notice, type Document } from './document.ts'
import { trusted } from './html.ts'
import { iconSource } from './icon-source.ts'
import { drawQr, mediaTypes, type PictureFormat } from './qr-picture.ts'
import type { QrQuality } from './qr.ts'
import { requestPage } from './request-page.ts'
import { inertPolicy, pagePolicy, securityHeaders } from './security-headers.ts'
import { signLink, socketLink } from './sign-links.ts'
import { isOver, standingOf } from './standing.ts'
import { readTarget } from './target.ts'
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

  const draw = boundedMemo(codesKept, (key) => {
    const [format, quality, id] = key.split(' ') as [PictureFormat, QrQuality, string]
    return drawQr(signLink(publicUrl(), id), quality, format)
  })
  const code = (id: string, quality: QrQuality, format: PictureFormat): Buffer => draw(`${format} ${quality} ${id}`)

  const sendPage = (reply: FastifyReply, status: number, page: Document, iconOrigin: string | null = null) => {
    const basePath = new URL(publicUrl()).pathname.replace(/\/$/, '')
    const socketOrigin = new URL(socketLink(publicUrl(), '')).origin
    return reply
      .code(status)
      .header('content-security-policy', pagePolicy({ socketOrigin, iconOrigin, frameAncestors }))
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(document(page, words, (name) => `${basePath}/sign/assets/${assets.version}/${name}`))
  }
  const sendNotFound = (reply: FastifyReply) => sendPage(reply, 404, notice(words.notFound))

  const sendRequest = async (reply: FastifyReply, id: string, codeOnly: boolean) => {
    const found = await payloads.peek(id)
    const application = found && (await applications.find(found.payload.applicationId))
    if (!found || !application) return sendNotFound(reply)
    const icon = iconSource(application.iconUrl, publicUrl())
    const page = requestPage(
      {
        ...found,
        application,
        codeOnly,
        iconUrl: icon?.url ?? null,
        // the smallest code is the easiest to scan from a screen, which gets no scratches
        qr: trusted(code(id, 'm', 'svg').toString()),
        socketUrl: socketLink(publicUrl(), id),
        deepLink: deepLink(options.deepLink, publicUrl(), id),
      },
      words,
    )
    return sendPage(reply, 200, page, icon?.origin)
  }

  const sendPicture = async (
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    quality: QrQuality,
    format: PictureFormat,
  ) => {
    const known = (await payloads.peek(id)) !== null
    // pages of other origins embed these
    reply.headers({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'content-security-policy': inertPolicy,
      'cache-control': known ? 'public, max-age=86400' : 'no-store',
    })
    if (known) return reply.type(mediaTypes[format]).send(code(id, quality, format))
    if (format === 'json') return reply.code(404).send(errorBody(refuse('payloadNotFound'), request.id))
    return sendNotFound(reply)
  }

  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(securityHeaders)
  })
  app.setErrorHandler((error, request, reply) => {
    request.log.error({ err: error, reference: request.id }, 'sign page failed')
    return sendPage(reply, error instanceof DatabaseUnavailable ? 503 : 500, notice(words.fault))
  })

  app.get<{ Params: { part: string } }>('/sign/:part', async (request, reply) => {
    const target = readTarget(request.params.part)
    if (target === null) return sendNotFound(reply)
    if (target.kind === 'page') return sendRequest(reply, target.id, false)
    return sendPicture(request, reply, target.id, target.quality, target.format)
  })

  app.get<{ Params: { id: string } }>('/sign/:id/qr', async (request, reply) => {
    const id = readUuid(request.params.id)
    return id === null ? sendNotFound(reply) : sendRequest(reply, id, true)
  })

  app.get<{ Params: { id: string } }>('/sign/:id/deeplink', async (request, reply) => {
    const id = readUuid(request.params.id)
    const found = id === null ? null : await payloads.peek(id)
    if (id === null || found === null) return sendNotFound(reply)
    // a wallet could only say that it is too late; the page says what became of it
    const over = isOver(standingOf(found.payload, found.now))
    const target = over ? signLink(publicUrl(), id) : deepLink(options.deepLink, publicUrl(), id)
    return reply.headers({ 'content-security-policy': inertPolicy, 'cache-control': 'no-store' }).redirect(target, 302)
  })

  app.get<{ Params: { version: string; name: string } }>('/sign/assets/:version/:name', async (request, reply) => {
    const asset = assets.find(request.params.name)
    if (asset === null) return sendNotFound(reply)
    // while nodes of two versions run, a page of one may ask the other
    const lasting = request.params.version === assets.version
    return reply
      .headers({
        'content-security-policy': inertPolicy,
        'cache-control': lasting ? 'public, max-age=31536000, immutable' : 'no-store',
      })
      .type(asset.mediaType)
      .send(asset.body)
  })

  app.get('/sign', async (_request, reply) => sendNotFound(reply))
  app.get('/sign/*', async (_request, reply) => sendNotFound(reply))
}
