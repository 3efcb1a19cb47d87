import { isIP } from 'node:net'
import type { Application } from '../application/application.ts'
import type { AddressPolicy } from './address-policy.ts'

/**
 * What an application's settings have that probably nobody wants, a sentence each. They may be stored: what a URL reaches
 * is checked when something is sent there, by the server that sends it.
 *
 * @param policy which addresses are public
 */
export const doubtfulSettings = (application: Application, policy: AddressPolicy): string[] => {
  const { webhookUrl, eventsUrl, events, requireHttps } = application
  return [
    ...doubtsAbout('webhook URL', webhookUrl, requireHttps, policy),
    ...doubtsAbout('events URL', eventsUrl, requireHttps, policy),
    ...when(eventsUrl !== '' && events.length === 0, 'There is an events URL, but no events are asked for.'),
    ...when(eventsUrl === '' && events.length > 0, 'Events are asked for, but none is sent without an events URL.'),
    ...when(
      eventsUrl !== '' && eventsUrl === webhookUrl,
      'Events go where resolutions go: a receiver has to look at meta.event to tell them apart.',
    ),
  ]
}

const doubtsAbout = (name: string, text: string, requireHttps: boolean, policy: AddressPolicy): string[] => {
  const url = text === '' ? null : URL.parse(text)
  if (url === null) return []
  const objection = objectionTo(url.hostname, policy)
  return [
    ...when(
      url.protocol !== 'https:',
      requireHttps
        ? `The ${name} is not https, so nothing is sent there while https is required.`
        : `The ${name} is not https: whoever is on the way can read and change what is sent.`,
    ),
    ...when(
      objection !== null,
      `The ${name}'s host ${url.hostname} is ${objection}: it is sent to only by a server whose ` +
        'COUNTERSIGN_WEBHOOK_ALLOW names it.',
    ),
  ]
}

/** Of names only those that mean this machine or its network to everyone; what others resolve to is known when sending. */
const objectionTo = (host: string, policy: AddressPolicy): string | null => {
  if (/(^|\.)localhost\.?$/.test(host)) return 'this machine itself'
  if (/\.(local|internal|home\.arpa)\.?$/.test(host)) return 'a name of a private network'
  const address = host.replace(/^\[(.*)\]$/, '$1')
  return isIP(address) === 0 ? null : policy.objectionTo(address)
}

const when = (holds: boolean, sentence: string): string[] => (holds ? [sentence] : [])
