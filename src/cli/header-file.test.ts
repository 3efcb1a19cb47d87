import { expect, test } from 'vitest'
import { parseHeaderFile } from './header-file.ts'
import { CommandFailure } from './output.ts'

const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': '1700000000', 'webhook-signature': 'v1,ab= v1,cd=' }

test.each([
  ['lines', 'Webhook-Id: msg_1\nwebhook-timestamp:1700000000\nWEBHOOK-SIGNATURE:  v1,ab= v1,cd= \n'],
  [
    'lines of a whole request',
    'POST /hook HTTP/1.1\r\nwebhook-id: msg_1\r\nwebhook-timestamp: 1700000000\r\nwebhook-signature: v1,ab= v1,cd=\r\n\r\n',
  ],
  ['what curl shows', '> webhook-id: msg_1\n> webhook-timestamp: 1700000000\n> webhook-signature: v1,ab= v1,cd=\n>\n'],
  [
    'JSON',
    ` ${JSON.stringify({ 'Webhook-Id': 'msg_1', 'webhook-timestamp': 1700000000, 'webhook-signature': ['v1,ab= v1,cd='] })}`,
  ],
])('reads %s', (_, text) => {
  expect(parseHeaderFile(text)).toEqual(headers)
})

test('keeps every value of a name that came more than once', () => {
  expect(parseHeaderFile('a: 1\nb: 2\nA: 3')).toEqual({ a: ['1', '3'], b: '2' })
})

test.each(['', 'POST /hook HTTP/1.1', '{"webhook-id":', '{}'])('says so when there are none: %j', (text) => {
  expect(() => parseHeaderFile(text)).toThrow(CommandFailure)
})
