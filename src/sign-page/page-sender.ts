import type { FastifyReply } from 'fastify'
import { DatabaseUnavailable } from '../database-unavailable.ts'
import type { Assets } from './assets.ts'
import { document, notice, type Document } from './document.ts'
import { pagePolicy } from './security-headers.ts'
import { socketLink } from './sign-links.ts'
import type { Words } from './words.ts'

export interface PageSenderOptions {
  readonly publicUrl: () => string
  readonly frameAncestors: string
  readonly assets: Assets
  readonly words: Words
}

/** Sends whole pages, each under its Content-Security-Policy and kept by nobody. */
export interface PageSender {
  /** @param iconOrigin where the page may load the application's icon from; null for nowhere */
  send(reply: FastifyReply, status: number, page: Document, iconOrigin: string | null): FastifyReply
  notFound(reply: FastifyReply): FastifyReply
  /** What it was is for the log alone. */
  fault(reply: FastifyReply, error: unknown): FastifyReply
}

export const pageSender = ({ publicUrl, frameAncestors, assets, words }: PageSenderOptions): PageSender => {
  const send: PageSender['send'] = (reply, status, page, iconOrigin) => {
    const basePath = new URL(publicUrl()).pathname.replace(/\/$/, '')
    const socketOrigin = new URL(socketLink(publicUrl(), '')).origin
    return reply
      .code(status)
      .header('content-security-policy', pagePolicy({ socketOrigin, iconOrigin, frameAncestors }))
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(document(page, words, (name) => `${basePath}/sign/assets/${assets.version}/${name}`))
  }
  return {
    send,
    notFound: (reply) => send(reply, 404, notice(words.notFound), null),
    fault: (reply, error) => send(reply, error instanceof DatabaseUnavailable ? 503 : 500, notice(words.fault), null),
  }
}
