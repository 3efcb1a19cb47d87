/** What every answer of these routes carries, pages and pictures alike. Source: CONTRACT section 5. */
export const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const

/** For what is no page: nothing in it may load or run anything, even when it is opened by itself. */
export const inertPolicy = "default-src 'none'; frame-ancestors 'none'"

export interface PageSources {
  /** Where the status socket is, `wss://sign.test`; older browsers do not count it as the page's own origin. */
  readonly socketOrigin: string
  /** Where the application's icon comes from; null for none. */
  readonly iconOrigin: string | null
  /** Who may frame the page, `'none'` as a rule: the setting `FRAME_ANCESTORS`. */
  readonly frameAncestors: string
}

/** A page has its own script and style, from files; nothing inline, and nothing of others but the application's icon. */
export const pagePolicy = ({ socketOrigin, iconOrigin, frameAncestors }: PageSources): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    iconOrigin === null ? "img-src 'self'" : `img-src 'self' ${iconOrigin}`,
    `connect-src 'self' ${socketOrigin}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frameAncestors}`,
  ].join('; ')
