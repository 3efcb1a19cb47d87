/**
 * The URL as clients mean it, for fastify's `rewriteUrl`. Below `/api/` the slashes that they add too many are taken out:
 * repeated ones count as one, and one at the end as none (the Python SDK adds one). A `%` that begins nothing stands for
 * itself, since the SDKs put custom identifiers into the path as they are.
 */
export const tolerantPath = (url: string): string => {
  const [path = '', ...query] = url.split(/(?=[?#])/)
  return readable(withoutIdleSlashes(path)) + query.join('')
}

const withoutIdleSlashes = (path: string): string => {
  const collapsed = path.replace(/\/{2,}/g, '/')
  return collapsed.startsWith('/api/') ? collapsed.replace(/\/$/, '') : path
}

const readable = (path: string): string =>
  path.includes('%')
    ? path
        .split('/')
        .map((part) => (isEncodedText(part) ? part : part.replaceAll('%', '%25')))
        .join('/')
    : path

const isEncodedText = (part: string): boolean => {
  try {
    decodeURIComponent(part)
    return true
  } catch {
    return false
  }
}
