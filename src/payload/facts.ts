import type { Milliseconds } from '../clock.ts'
import type { Payload } from './payload.ts'
import { expiryOf } from './expiry.ts'
import { resolveMessage, type ResolveMessage } from './resolve-message.ts'

/**
 * What subscribers are told: a set that only ever grows.
 *
 * Facts from any source, in any order, however often, are joined; what the join adds is what is sent. Expiry is no fact
 * but a time every node knows; a cancellation moves it forward, so the earlier expiry wins a join.
 */
export interface Facts {
  readonly opened: boolean
  readonly preSigned: boolean
  readonly dispatched: boolean
  readonly resolved: ResolveMessage | null
  readonly expiry: Milliseconds
}

/** One thing to tell, in the canonical order of CONTRACT section 1. */
export type Announcement = 'opened' | 'preSigned' | 'dispatched' | 'resolved'

export const announcementOrder: readonly Announcement[] = ['opened', 'preSigned', 'dispatched', 'resolved']

export const factsOf = (payload: Payload): Facts => ({
  opened: payload.opens.length > 0,
  preSigned: payload.preSignedAt !== null,
  dispatched: payload.outcome?.kind === 'signed' && payload.request.submit && !payload.request.multisign,
  resolved: resolveMessage(payload),
  expiry: expiryOf(payload),
})

/** The union of both; of two resolve messages, which can only be equal, the first is kept. */
export const joinFacts = (known: Facts, heard: Facts): Facts => ({
  opened: known.opened || heard.opened,
  preSigned: known.preSigned || heard.preSigned,
  dispatched: known.dispatched || heard.dispatched,
  resolved: known.resolved ?? heard.resolved,
  expiry: Math.min(known.expiry, heard.expiry),
})

const holds = (facts: Facts, announcement: Announcement): boolean =>
  announcement === 'resolved' ? facts.resolved !== null : facts[announcement]

/** What `after` says that `before` (or nobody, when null) did not say yet, in canonical order. */
export const newAnnouncements = (before: Facts | null, after: Facts): Announcement[] =>
  announcementOrder.filter((one) => holds(after, one) && (before === null || !holds(before, one)))

/** Which facts a payload has, without what they say: enough to see whether somebody knows less. */
export interface Outline {
  readonly payloadId: string
  readonly opened: boolean
  readonly preSigned: boolean
  /** A dispatch is told with its resolution, never by itself. */
  readonly resolved: boolean
  readonly expiry: Milliseconds
}

/** True when the facts of this outline would be news to somebody who knows these, or nothing yet. */
export const knowsLess = (known: Facts | null, outline: Outline): boolean =>
  known === null ||
  (outline.opened && !known.opened) ||
  (outline.preSigned && !known.preSigned) ||
  (outline.resolved && known.resolved === null) ||
  outline.expiry < known.expiry

/** True when `after`, which grew from `before`, says nothing new. */
export const factsEqual = (before: Facts, after: Facts): boolean =>
  before.expiry === after.expiry && newAnnouncements(before, after).length === 0
