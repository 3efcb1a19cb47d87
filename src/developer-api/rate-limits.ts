/** What is counted together: creating payloads, and everything else. */
export const routeClasses = ['create', 'other'] as const
export type RouteClass = (typeof routeClasses)[number]

/** Requests per minute and application: over all routes together, or for each class that has a limit. */
export type RateLimits = number | Readonly<Partial<Record<RouteClass, number>>>

/** Reads `RATE_LIMIT`: `100`, or `create=30,other=120`, of which one may be left out; null when written otherwise. */
export const parseRateLimits = (text: string): RateLimits | null => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  const limits: Partial<Record<RouteClass, number>> = {}
  for (const part of text.split(',')) {
    const [, name, limit] = /^(create|other)=([1-9]\d{0,8})$/.exec(part.trim()) ?? []
    if (name === undefined || Object.hasOwn(limits, name)) return null
    limits[name as RouteClass] = Number(limit)
  }
  return limits
}
