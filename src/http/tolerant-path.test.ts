import { expect, test } from 'vitest'
import { tolerantPath } from './tolerant-path.ts'

test.each([
  ['/api/v1/platform/ping', '/api/v1/platform/ping'],
  ['/api/v1/platform/payload/', '/api/v1/platform/payload'],
  ['//api/v1//platform///ping//', '/api/v1/platform/ping'],
  ['/api/v1/app/payload/x/?from=QR', '/api/v1/app/payload/x?from=QR'],
  ['/api/v1/app/payload/x?next=//a//?b', '/api/v1/app/payload/x?next=//a//?b'],
  ['/api/v1/platform/payload/ci/a%2F%2Fb', '/api/v1/platform/payload/ci/a%2F%2Fb'],
  ['/console/', '/console/'],
  ['/sign//x', '/sign//x'],
  ['/api/v1/platform/payload/ci/100%', '/api/v1/platform/payload/ci/100%25'],
  ['/api/v1/platform/payload/ci/100%/?x=%', '/api/v1/platform/payload/ci/100%25?x=%'],
  ['/api/v1/platform/payload/ci/5%25', '/api/v1/platform/payload/ci/5%25'],
  ['/api/v1/app/payload/%ED%A0%80', '/api/v1/app/payload/%25ED%25A0%2580'],
  ['/sign/%zz', '/sign/%25zz'],
  ['/', '/'],
  ['', ''],
])('reads %j as %j', (asked, read) => {
  expect(tolerantPath(asked)).toBe(read)
})
