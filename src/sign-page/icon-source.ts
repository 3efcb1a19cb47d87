export interface IconSource {
  readonly url: string
  /** As a source in a Content-Security-Policy. */
  readonly origin: string
}

/**
 * The application's icon, if the page may load it: over https, or from this server. Null otherwise, and for a host that
 * a policy cannot name: a URL's host may hold a semicolon, which would begin a directive there.
 */
export const iconSource = (iconUrl: string, publicUrl: string): IconSource | null => {
  const url = URL.parse(iconUrl)
  if (url === null || (url.protocol !== 'https:' && url.origin !== new URL(publicUrl).origin)) return null
  return /^[a-z0-9.:[\]-]+$/.test(url.host) ? { url: url.href, origin: url.origin } : null
}
