/** Bun's own server and its topics, doing what `floors/sockets.ts` does. Run by Bun. */

/** Bun is not among the project's types; this much is used. */
interface BunSocket {
  readonly data: { readonly id: string; keepalive?: ReturnType<typeof setInterval> }
  subscribe(topic: string): void
  send(text: string): void
}
interface BunServer {
  readonly port: number
  upgrade(request: Request, options: { data: BunSocket['data'] }): boolean
  publish(topic: string, text: string): void
}
declare const Bun: { serve(options: object): BunServer; gc(now: boolean): void }

const every = Number(process.env['KEEPALIVE_SECONDS'] ?? 15) * 1_000

const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: async (request: Request, server: BunServer) => {
    const [, folder, id] = new URL(request.url).pathname.split('/') as [string, string, string]
    if (folder === 'sign') return server.upgrade(request, { data: { id } }) ? undefined : new Response(null)
    server.publish(id, await request.text())
    return new Response(null)
  },
  websocket: {
    idleTimeout: 0,
    sendPings: false,
    perMessageDeflate: false,
    open: (socket: BunSocket) => {
      const expiry = Date.now() + 24 * 3_600_000
      socket.subscribe(socket.data.id)
      socket.data.keepalive = setInterval(
        () => socket.send(JSON.stringify({ expires_in_seconds: Math.ceil((expiry - Date.now()) / 1_000) })),
        every,
      )
      socket.send(JSON.stringify({ message: `Welcome ${socket.data.id}` }))
    },
    message: (socket: BunSocket) => socket.send('{"message":"Right back at you!"}'),
    close: (socket: BunSocket) => clearInterval(socket.data.keepalive),
  },
})
console.log(`listening on http://127.0.0.1:${server.port}`)
process.on('SIGUSR2', () => Bun.gc(true))
process.on('SIGTERM', () => process.exit(0))
