import { expect, it } from 'vitest'
import { iconSource } from './icon-source.ts'

it.each([
  ['https://shop.test/icon.png?v=1', 'https://shop.test'],
  ['https://SHOP.test:8443/icon.png', 'https://shop.test:8443'],
  ['http://sign.test/icon.png', 'http://sign.test'],
  ['http://shop.test/icon.png', null],
  ['javascript:alert(1)', null],
  ['data:image/svg+xml,<svg/>', null],
  ["https://a;script-src'unsafe-inline'.test/icon.png", null],
  ['https://a,b.test/icon.png', null],
  ['/icon.png', null],
  ['', null],
])('allows of %s the origin %s', (url, origin) => {
  expect(iconSource(url, 'http://sign.test')?.origin ?? null).toBe(origin)
})
