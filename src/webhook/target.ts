/** Where a webhook goes, read from its URL. */
export interface Target {
  readonly origin: string
  /** With the query, without the fragment. */
  readonly path: string
  /** Of a user name and password in the URL. */
  readonly authorization: string | null
}

/** What makes a URL unusable: it is none, its scheme is another, or it is not https although it has to be. */
export type UrlProblem = 'malformed' | 'scheme' | 'notHttps'

/** Reads the URL as browsers do, so that every odd spelling of a host is in its canonical form afterwards. */
export const readTarget = (text: string, requireHttps: boolean): Target | UrlProblem => {
  const url = URL.parse(text)
  if (url === null) return 'malformed'
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'scheme'
  if (requireHttps && url.protocol !== 'https:') return 'notHttps'
  return { origin: url.origin, path: url.pathname + url.search, authorization: basicAuthorization(url) }
}

const basicAuthorization = ({ username, password }: URL): string | null =>
  username === '' && password === ''
    ? null
    : `Basic ${Buffer.from(`${percentDecoded(username)}:${percentDecoded(password)}`).toString('base64')}`

const percentDecoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
