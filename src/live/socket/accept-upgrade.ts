import type { LiveSettings } from '../live-settings.ts'
import { refuseUpgrade } from '../refuse-upgrade.ts'
import type { AcceptSocket } from '../status-socket.ts'
import type { Timers } from '../timers.ts'
import { FrameSocket } from './frame-socket.ts'
import { handshakeAnswer, whyNoHandshake } from './handshake.ts'

/**
 * The server's side of RFC 6455: version 13, no extensions, no subprotocols. Node's HTTP server sends without delay and
 * sets no timeout on what it hands over.
 */
export const acceptUpgrade = (
  settings: Pick<LiveSettings, 'clientMessageBytes' | 'closeTimeout'>,
  timers: Timers,
): AcceptSocket => {
  const context = { messageBytes: settings.clientMessageBytes, closeTimeout: settings.closeTimeout, timers }
  return (request, stream, head, accepted) => {
    const broken = whyNoHandshake(request)
    if (broken !== null) {
      refuseUpgrade(stream, broken.status, broken.sentence, broken.headers)
      return
    }
    // the peer left already
    if (!stream.readable || !stream.writable) {
      stream.destroy()
      return
    }
    stream.write(handshakeAnswer(request))
    const socket = new FrameSocket(stream, context)
    accepted(socket)
    if (head.length > 0) socket.receive(head)
  }
}
