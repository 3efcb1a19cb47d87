import { createHash, randomUUID } from 'node:crypto'

/** The server as it looks from outside: HTTP, and nothing of this project. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: any
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
export type Call = (
  method: Method,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>

const ask = async (url: string, method: Method, body: unknown, headers: Record<string, string>): Promise<Answer> => {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(url, { method, headers, ...(text === undefined ? {} : { body: text }) })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

/** An application's back end; a body that is a text is sent as it stands. */
export const developer =
  (url: string, credentials: { readonly apiKey: string; readonly apiSecret: string }): Call =>
  (method, path, body, headers = {}) =>
    ask(`${url}/api/v1/platform/${path}`, method, body, {
      'x-api-key': credentials.apiKey,
      'x-api-secret': credentials.apiSecret,
      ...headers,
    })

/** Whoever has no credentials at the wallet API. */
export const stranger =
  (url: string): Call =>
  (method, path, body, headers = {}) =>
    ask(`${url}/api/v1/app/${path}`, method, body, { ...headers })

/** A device of a user, activated. */
export interface Device {
  readonly uniqueDeviceIdentifier: string
  readonly accessToken: string
  readonly call: Call
  /** The header of the next call, or of one with another counter. */
  bearer(counter?: number | string): string
}

/** @param credentials `<user uuid>.<device uuid>`; left out, a new user's */
export const activate = async (url: string, credentials?: string): Promise<Device> => {
  const anyone = stranger(url)
  const uniqueDeviceIdentifier = randomUUID()
  const added = credentials === undefined ? (await anyone('POST', 'add-user')).body : null
  const registration = { uniqueDeviceIdentifier, devicePlatform: 'ios', devicePushToken: '' }
  const { body } = await anyone('POST', 'activate-device', registration, {
    authorization: credentials ?? `${added.user.uuid}.${added.device.uuid}`,
  })
  const { accessToken } = body
  let counter = 0
  const bearer = (n: number | string = ++counter): string => {
    const hash = createHash('sha256').update(`${accessToken}${uniqueDeviceIdentifier}${n}`).digest('hex')
    return `Bearer ${accessToken}.${n}.${hash}`
  }
  return {
    uniqueDeviceIdentifier,
    accessToken,
    bearer,
    call: (method, path, sent, headers = {}) => anyone(method, path, sent, { authorization: bearer(), ...headers }),
  }
}
