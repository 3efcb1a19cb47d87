import { expect, test } from 'vitest'
import { anApplication } from '../../test/application-fixture.ts'
import type { Application } from '../application/application.ts'
import { createAddressPolicy } from './address-policy.ts'
import { doubtfulSettings } from './doubtful-settings.ts'

const doubts = (settings: Partial<Application>) => doubtfulSettings(anApplication(settings), createAddressPolicy([]))

test.each<Partial<Application>>([
  {},
  { webhookUrl: 'https://shop.example/hook' },
  { webhookUrl: 'https://93.184.216.34/hook', requireHttps: true },
  { webhookUrl: 'https://localhost.example/' },
  { eventsUrl: 'https://shop.example/events', events: ['opened'] },
])('nothing is doubtful about %j', (settings) => {
  expect(doubts(settings)).toEqual([])
})

test.each<[string, RegExp]>([
  ['http://shop.example/hook', /^The webhook URL is not https: /],
  ['https://localhost/hook', /^The webhook URL's host localhost is this machine itself: /],
  ['https://api.localhost:8443/', /this machine itself/],
  ['https://127.0.0.1/', /127\.0\.0\.1 is .*COUNTERSIGN_WEBHOOK_ALLOW/],
  ['https://2130706433/', /127\.0\.0\.1 is /],
  ['https://10.1.2.3/', /10\.1\.2\.3 is /],
  ['https://169.254.169.254/latest', /169\.254\.169\.254 is /],
  ['https://[::1]/', /\[::1\] is /],
  ['https://printer.local/', /a name of a private network/],
])('the webhook URL %s is doubtful', (webhookUrl, sentence) => {
  expect(doubts({ webhookUrl })).toEqual([expect.stringMatching(sentence)])
})

test.each<[Partial<Application>, RegExp]>([
  [{ eventsUrl: 'http://shop.example/', events: ['opened'] }, /^The events URL is not https/],
  [{ webhookUrl: 'http://shop.example/', requireHttps: true }, /nothing is sent there/],
  [{ eventsUrl: 'https://shop.example/' }, /no events are asked for/],
  [{ events: ['opened'] }, /none is sent without an events URL/],
  [{ webhookUrl: 'https://a.example/', eventsUrl: 'https://a.example/', events: ['opened'] }, /meta\.event/],
])('%j is doubtful', (settings, sentence) => {
  expect(doubts(settings)).toEqual([expect.stringMatching(sentence)])
})
