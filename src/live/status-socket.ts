import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Frame } from './frames.ts'

/** One WebSocket connection as this folder sees it; narrow, so that what reads the bytes can be exchanged. */
export interface StatusSocket {
  /** Who is told what happens on it; set before anything can happen. */
  listener: SocketListener

  /** Queues the bytes. Does nothing once the socket is closing. */
  write(frame: Frame): void

  /** Bytes that were sent but not yet taken by the peer. */
  readonly bufferedAmount: number

  /** The closing handshake; a peer that does not answer it is cut off after the settings' `closeTimeout`. */
  close(code: CloseCode, reason: string): void

  /** Cuts the connection off at once. */
  terminate(): void
}

export interface SocketListener {
  /** A whole client message, within the limit on its size. */
  onMessage(data: Buffer): void
  /** The client's own WebSocket ping; the socket has answered it already. */
  onPing(): void
  onPong(): void
  /** The connection is gone. Once for every socket. */
  onClose(): void
}

/** Turns a request to upgrade into a socket, or answers it with the HTTP error it deserves. */
export type AcceptSocket = (
  request: IncomingMessage,
  stream: Duplex,
  head: Buffer,
  accepted: (socket: StatusSocket) => void,
) => void

/**
 * Why the server closes. Official SDKs reconnect after any code but 1000, up to 30 times (XRPL-Labs/XUMM-SDK,
 * src/Payload.ts), and replay makes up for what they missed; so 1000 is for what a second try cannot change, and
 * everything else says "come back". What a client's bytes break is answered by the socket itself (`socket/violation.ts`).
 * A slow reader and a half-open connection get no code: what they cannot read would only queue behind the rest.
 */
export const closeCodes = {
  /** There is no such payload. */
  done: 1000,
  /** More messages than allowed. */
  policyViolation: 1008,
  /** Something failed on our side, the database for one. */
  fault: 1011,
  /** This node shuts down; another, or the next process, has everything. */
  restarting: 1012,
  /** The place is needed by a newcomer. */
  tryAgainLater: 1013,
} as const
export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes]
