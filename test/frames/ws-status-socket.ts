import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import type { Frame } from '../../src/live/frames.ts'
import type { LiveSettings } from '../../src/live/live-settings.ts'
import type { AcceptSocket, SocketListener, StatusSocket } from '../../src/live/status-socket.ts'

const nobody: SocketListener = {
  onMessage: () => undefined,
  onPing: () => undefined,
  onPong: () => undefined,
  onClose: () => undefined,
}

/**
 * A connection read by `ws`. Its events go straight to the one listener, without a list of functions for each socket, and
 * frames that are encoded already go past it, straight onto the stream.
 */
export class WsStatusSocket extends WebSocket implements StatusSocket {
  listener: SocketListener = nobody
  stream: Duplex | null = null

  write(frame: Frame): void {
    // sound because ws writes a frame in one go, too, as long as it does not compress
    if (this.readyState === WebSocket.OPEN) this.stream?.write(frame)
  }

  override emit(event: string | symbol, data?: unknown): boolean {
    switch (event) {
      case 'message':
        // binaryType is left at its default, in which a message is one Buffer
        this.listener.onMessage(data as Buffer)
        break
      case 'ping':
        this.listener.onPing()
        break
      case 'pong':
        this.listener.onPong()
        break
      case 'close':
        this.listener.onClose()
        break
      // 'error' is what the peer did wrong: ws closes the connection and says why by the code
    }
    return true
  }
}

/** What one message may be cut into: an honest peer sends less than 4 KiB in one or two pieces. */
const mostPieces = 256

export const acceptWithWs = (settings: Pick<LiveSettings, 'clientMessageBytes' | 'closeTimeout'>): AcceptSocket => {
  const options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    WebSocket: WsStatusSocket,
    maxPayload: settings.clientMessageBytes,
    maxFragments: mostPieces,
    maxBufferedChunks: mostPieces,
    // not in the types yet
    closeTimeout: settings.closeTimeout,
  }
  const server = new WebSocketServer(options)
  return (request, stream, head, accepted) =>
    server.handleUpgrade(request, stream, head, (socket) => {
      socket.stream = stream
      accepted(socket)
    })
}
