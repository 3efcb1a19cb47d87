import type { SocketListener, StatusSocket } from '../../src/live/status-socket.ts'

/** A subscriber without a connection: it reads everything at once and says nothing. */
export class MuteSocket implements StatusSocket {
  listener!: SocketListener
  readonly bufferedAmount = 0
  write(): void {
    // read already
  }
  close(): void {
    this.listener.onClose()
  }
  terminate(): void {
    this.listener.onClose()
  }
}
