import { expect, test } from 'vitest'
import { readDeliveryFilter } from './delivery-filter.ts'

const uuid = '6c1f0f5e-0000-4000-8000-00000000000A'
const id = `msg_${'a'.repeat(32)}`

test('reads every filter, and lists fifty without any', () => {
  expect(readDeliveryFilter({})).toEqual({ limit: 50 })
  expect(readDeliveryFilter({ application: uuid, payload: uuid, state: 'failed', before: id, limit: '200' })).toEqual({
    applicationId: uuid.toLowerCase(),
    payloadId: uuid.toLowerCase(),
    state: 'failed',
    before: id,
    limit: 200,
  })
})

test.each([
  [{ application: 'shop' }, 'application'],
  [{ payload: [uuid, uuid] }, 'payload'],
  [{ state: 'lost' }, 'state'],
  [{ before: `${id}\0` }, 'before'],
  [{ limit: '0' }, 'limit'],
  [{ limit: '201' }, 'limit'],
  [{ limit: '1e2' }, 'limit'],
])('refuses %j, naming what is wrong', (asked, name) => {
  expect(readDeliveryFilter(asked)).toEqual({
    refused: 'optionInvalid',
    message: expect.stringMatching(new RegExp(`^${name} must be `)),
  })
})
