import { connect } from 'node:net'

/** A request as the bytes that go on the connection, right or wrong; texts are latin1. */
export interface RawRequest {
  readonly method: string
  readonly target: string
  readonly version: string
  readonly headers: readonly Header[]
  readonly body: Buffer
  /** The client announced more than it sends: after a moment without an answer it hangs up. */
  readonly hangsUp: boolean
}

export type Header = readonly [name: string, value: string]

export interface RawAnswer {
  /** 0 when the connection ended without an answer. */
  readonly status: number
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** In milliseconds: how long an answer may take before it counts as none, on a machine that has much else to do. */
const patience = 15_000

/** In milliseconds, before a client that hangs up does. */
const moment = 100

const nothing: RawAnswer = { status: 0, headers: new Map(), body: '' }

/** Sends one request on a connection of its own, without anything that a client would put right. */
export const sendRaw = (port: number, request: RawRequest): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    const chunks: Buffer[] = []
    const finish = (answer: RawAnswer): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(
      () => {
        if (request.hangsUp) return void socket.end()
        socket.destroy()
        reject(new Error(`no answer within ${patience} ms`))
      },
      request.hangsUp ? moment : patience,
    )
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      const answer = readAnswer(Buffer.concat(chunks).toString('latin1'), request.method)
      if (answer !== null) finish(answer)
    })
    // what came before a reset counts; a reset alone does not
    socket.on('error', () => undefined)
    socket.on('close', () => finish(nothing))
    const lines = request.headers.map(([name, value]) => `${name}: ${value}\r\n`)
    const head = `${request.method} ${request.target} ${request.version}\r\n${lines.join('')}\r\n`
    socket.write(Buffer.concat([Buffer.from(head, 'latin1'), request.body]))
  })

/** Null while it is not complete. */
const readAnswer = (text: string, method: string): RawAnswer | null => {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n')
  const status = Number(statusLine.split(' ')[1])
  const rest = text.slice(end + 4)
  if (status === 100) return readAnswer(rest, method)
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  )
  if (method === 'HEAD' || status === 101) return { status, headers, body: '' }
  const length = Number(headers.get('content-length') ?? NaN)
  if (rest.length >= length) return { status, headers, body: decode(rest.slice(0, length)) }
  return headers.get('transfer-encoding') === 'chunked' && rest.endsWith('0\r\n\r\n')
    ? { status, headers, body: decode(withoutChunks(rest)) }
    : null
}

const decode = (latin1: string): string => Buffer.from(latin1, 'latin1').toString()

const withoutChunks = (text: string): string => {
  const size = parseInt(text, 16)
  if (!(size > 0)) return ''
  const start = text.indexOf('\r\n') + 2
  return text.slice(start, start + size) + withoutChunks(text.slice(start + size + 2))
}

/** For messages: long parts cut, and everything printable. */
export const describeRequest = ({ method, target, version, headers, body, hangsUp }: RawRequest): string => {
  const short = (text: string): string =>
    JSON.stringify(text.length > 400 ? `${text.slice(0, 400)}… (${text.length})` : text)
  const shown = headers.map(([name, value]) => `${short(name)}: ${short(value)}`)
  return [
    short(`${method} ${target} ${version}`),
    ...shown,
    short(body.toString('latin1')),
    `hangs up: ${hangsUp}`,
  ].join('\n')
}
