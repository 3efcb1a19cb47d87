import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** What the pages load, and as what; the files are the browser's, in `web/sign-page/` of the package. */
const mediaTypes = {
  'sign-page.css': 'text/css; charset=utf-8',
  'sign-page.js': 'text/javascript; charset=utf-8',
  'follow.js': 'text/javascript; charset=utf-8',
  'standing.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const
export type AssetName = keyof typeof mediaTypes

export interface Asset {
  readonly body: Buffer
  readonly mediaType: string
}

export interface Assets {
  /** In the address of every asset, so that a browser may keep one for good: other content, other address. */
  readonly version: string
  find(name: string): Asset | null
}

// as far below the package's root as the sources are, so is the compiled package
const folder = new URL('../../web/sign-page/', import.meta.url)

/** Reads the files once; a missing one is a broken installation and throws. */
export const loadAssets = (): Assets => {
  const assets = new Map<string, Asset>()
  const hash = createHash('sha256')
  for (const [name, mediaType] of Object.entries(mediaTypes)) {
    const body = readFileSync(new URL(name, folder))
    hash.update(name).update(body)
    assets.set(name, { body, mediaType })
  }
  return { version: hash.digest('hex').slice(0, 12), find: (name) => assets.get(name) ?? null }
}
