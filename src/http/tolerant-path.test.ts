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
  ['/', '/'],
  ['', ''],
])('reads %j as %j', (asked, read) => {
  expect(tolerantPath(asked)).toBe(read)
})
