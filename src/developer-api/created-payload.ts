import Type, { type Static } from 'typebox'
import type { Payload } from '../payload/payload.ts'

/** The answer to a create request: where to send the user, where to look. Source: CONTRACT section 2, "Create". */
export const CreatedPayload = Type.Object({
  uuid: Type.String(),
  next: Type.Object({ always: Type.String(), no_push_msg_received: Type.Optional(Type.String()) }),
  refs: Type.Object({
    qr_png: Type.String(),
    qr_matrix: Type.String(),
    qr_uri_quality_opts: Type.Array(Type.String()),
    websocket_status: Type.String(),
  }),
  pushed: Type.Boolean(),
})

export const createdPayload = ({ id, pushedTo }: Payload, publicUrl: string): Static<typeof CreatedPayload> => {
  const page = `${publicUrl}/sign/${id}`
  const pushed = pushedTo !== null
  return {
    uuid: id,
    next: { always: page, ...(pushed ? { no_push_msg_received: `${page}/qr` } : {}) },
    refs: {
      qr_png: `${page}_q.png`,
      qr_matrix: `${page}_q.json`,
      qr_uri_quality_opts: ['m', 'q', 'h'],
      websocket_status: page.replace(/^http/, 'ws'),
    },
    pushed,
  }
}
