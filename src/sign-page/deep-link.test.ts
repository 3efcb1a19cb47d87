import { expect, it } from 'vitest'
import { deepLink } from './deep-link.ts'

it.each([
  ['xumm://{host}/sign/{id}/deeplink', 'https://sign.test:8443/base', 'xumm://sign.test:8443/sign/ID/deeplink'],
  ['wallet:sign?{id}', 'https://sign.test', 'wallet:sign?ID'],
  ['https://go.test/{id}?from={host}&id={id}', 'https://sign.test', 'https://go.test/ID?from=sign.test&id=ID'],
])('fills in %s at %s', (form, publicUrl, link) => {
  expect(deepLink(form, publicUrl, 'ID')).toBe(link)
})
