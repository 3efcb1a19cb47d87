import type { Attempt, Delivery } from '../webhook/delivery.ts'
import type { ShownDelivery } from '../webhook/deliveries.ts'
import { isoTime } from '../payload-wire/iso-time.ts'
import { columns } from './output.ts'

/** Deliveries in words for the person at the terminal. */

export const deliveryTable = (deliveries: readonly Delivery[]): string => {
  if (deliveries.length === 0) return 'No such deliveries.'
  const rows = deliveries.map((one) => [
    isoTime(one.createdAt),
    one.state,
    attemptCount(one.attempts),
    one.event,
    one.id,
    printable(one.url),
  ])
  return columns(rows)
}

export const deliverySheet = ({ delivery, attempts }: ShownDelivery): string => {
  const facts = [
    ['delivery', delivery.id],
    ['application', delivery.applicationId],
    ['payload', delivery.payloadId ?? 'none'],
    ['event', delivery.event],
    ['url', printable(delivery.url)],
    ['state', delivery.state],
    ['owed since', isoTime(delivery.createdAt)],
    ...(delivery.dueAt === null ? [] : [['next attempt', isoTime(delivery.dueAt)]]),
  ]
  const parts = [columns(facts), `Body\n${printable(delivery.body)}`]
  parts.push(attempts.length === 0 ? 'No attempt was recorded yet.' : `Attempts\n${columns(attempts.map(attemptRow))}`)
  const response = attempts.at(-1)?.response ?? ''
  if (response !== '') parts.push(`What the last one was answered\n${printable(response)}`)
  return parts.join('\n\n')
}

const attemptRow = ({ number, startedAt, duration, trigger, outcome }: Attempt): string[] => [
  String(number),
  isoTime(startedAt),
  `${Math.round(duration)} ms`,
  trigger === 'manual' ? 'by hand' : 'by itself',
  printable(outcome),
]

const attemptCount = (attempts: number): string => (attempts === 1 ? '1 attempt' : `${attempts} attempts`)

/** Strangers' text must not give orders to the terminal. */
const printable = (text: string): string => text.replace(/[^\P{Cc}\n\t]/gu, '\u{FFFD}')
