import { isJsonObject, type Json } from '../json.ts'
import { isRefusal, type Refusal } from '../refusals.ts'
import { codePoints, invalid, isAbsent } from './option-reading.ts'
import type { ReturnUrl } from './payload.ts'

/** In Unicode code points. */
const lengthLimit = 2000

/** Schemes that run or read something instead of going somewhere. Source: CONTRACT section 2, "Create". */
const forbiddenSchemes = [
  'javascript',
  'data',
  'vbscript',
  'blob',
  'file',
  'about',
  'intent',
  'content',
  'filesystem',
  'view-source',
]

/** `options.return_url`: refuses with `optionInvalid`. Placeholders are filled in later (`return-url.ts`). */
export const checkReturnUrl = (value: Json | undefined): ReturnUrl | Refusal => {
  if (isAbsent(value)) return { app: null, web: null }
  if (!isJsonObject(value)) return invalid('options.return_url', 'an object with app and web')
  const app = checkUrl('options.return_url.app', value['app'], isAppUrl, 'a URL whose scheme goes somewhere')
  if (isRefusal(app)) return app
  const web = checkUrl('options.return_url.web', value['web'], isWebUrl, 'an http or https URL')
  return isRefusal(web) ? web : { app, web }
}

const checkUrl = (
  name: string,
  value: Json | undefined,
  isAllowed: (url: string) => boolean,
  must: string,
): string | null | Refusal => {
  if (isAbsent(value)) return null
  if (typeof value !== 'string') return invalid(name, 'a string')
  if (codePoints(value) > lengthLimit) return invalid(name, `at most ${lengthLimit} characters long`)
  // browsers and wallets drop or trim these, so what follows would not be what was checked
  if (/[\p{Cc}\s]/u.test(value)) return invalid(name, 'free of spaces and control characters')
  return isAllowed(value) ? value : invalid(name, must)
}

const isWebUrl = (url: string): boolean => /^https?:\/\//i.test(url) && URL.canParse(url)

const isAppUrl = (url: string): boolean => {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase()
  if (scheme === undefined || forbiddenSchemes.includes(scheme)) return false
  return scheme === 'http' || scheme === 'https' ? isWebUrl(url) : URL.canParse(url)
}
