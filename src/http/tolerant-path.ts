/**
 * The URL with the slashes that API clients add too many of taken out: repeated ones count as one, and one at the end
 * as none (the Python SDK adds one). For fastify's `rewriteUrl`; paths outside `/api/` stay as they are.
 */
export const tolerantPath = (url: string): string => {
  const [path = '', ...query] = url.split(/(?=[?#])/)
  const collapsed = path.replace(/\/{2,}/g, '/')
  if (!collapsed.startsWith('/api/')) return url
  return collapsed.replace(/\/$/, '') + query.join('')
}
