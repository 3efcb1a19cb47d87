import { refuse, type Refusal } from '../refusals.ts'
import { readUuid } from '../uuid.ts'
import type { DeliveryState } from './delivery.ts'
import type { DeliveryFilter } from './delivery-store.ts'

/** What was asked for, as a query string or flags have it. */
export interface AskedFilter {
  readonly application?: unknown
  readonly payload?: unknown
  readonly state?: unknown
  readonly before?: unknown
  readonly limit?: unknown
}

const states: readonly DeliveryState[] = ['owed', 'delivered', 'failed']
const defaultLimit = 50
const largestLimit = 200

/** Reads which deliveries to list; refuses with `optionInvalid`. */
export const readDeliveryFilter = (asked: AskedFilter): DeliveryFilter | Refusal => {
  const applicationId = optional(asked.application, readUuid)
  if (applicationId === null) return refuse('optionInvalid', 'application must be a UUID.')
  const payloadId = optional(asked.payload, readUuid)
  if (payloadId === null) return refuse('optionInvalid', 'payload must be a UUID.')
  const state = optional(asked.state, (value) => states.find((one) => one === value) ?? null)
  if (state === null) return refuse('optionInvalid', `state must be one of ${states.join(', ')}.`)
  const before = optional(asked.before, readDeliveryId)
  if (before === null) return refuse('optionInvalid', 'before must be the id of a delivery.')
  const limit = optional(asked.limit, readLimit)
  if (limit === null) return refuse('optionInvalid', `limit must be a whole number from 1 to ${largestLimit}.`)
  return {
    ...(applicationId !== undefined && { applicationId }),
    ...(payloadId !== undefined && { payloadId }),
    ...(state !== undefined && { state }),
    ...(before !== undefined && { before }),
    limit: limit ?? defaultLimit,
  }
}

/** The id of a delivery; null for what cannot be one. */
export const readDeliveryId = (value: unknown): string | null =>
  typeof value === 'string' && /^msg_[0-9a-f]{32}$/.test(value) ? value : null

const optional = <T>(value: unknown, read: (value: unknown) => T | null): T | null | undefined =>
  value === undefined ? undefined : read(value)

const readLimit = (value: unknown): number | null => {
  const limit = typeof value === 'string' && /^\d{1,3}$/.test(value) ? Number(value) : 0
  return limit >= 1 && limit <= largestLimit ? limit : null
}
