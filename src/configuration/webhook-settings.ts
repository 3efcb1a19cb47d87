import { days, integer, networks, seconds, secondsList } from './parsers.ts'
import { setting } from './setting.ts'

/** The part of the table that is about webhooks. */
export const webhookSettings = {
  webhookAllow: setting({
    env: 'COUNTERSIGN_WEBHOOK_ALLOW',
    default: { serve: '', dev: '127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7' },
    doc: 'Networks (CIDR, comma separated) that webhooks may reach although they are not public.',
    parse: networks,
  }),
  webhookWaits: setting({
    env: 'WEBHOOK_WAIT_SECONDS',
    default: '10,60,600,600',
    unit: 'seconds, comma separated',
    doc: 'Between one attempt to deliver a webhook and the next; there is one attempt more than waits.',
    parse: secondsList(0, 30 * 86_400, 20),
  }),
  webhookTimeLimit: setting({
    env: 'WEBHOOK_TIMEOUT_SECONDS',
    default: '15',
    unit: 'seconds',
    doc: 'For one attempt to deliver a webhook, from looking up the name to the end of the answer.',
    parse: seconds(0.1, 120),
  }),
  webhookLease: setting({
    env: 'WEBHOOK_LEASE_SECONDS',
    default: '30',
    unit: 'seconds',
    doc: 'How long a delivery that is being attempted is left alone by everybody else; an attempt that a crash interrupted is repeated after it. Longer than an attempt may take.',
    parse: seconds(0.2, 3600),
  }),
  webhookConcurrency: setting({
    env: 'WEBHOOK_CONCURRENCY',
    default: '200',
    unit: 'attempts',
    doc: 'Webhooks that this process attempts to deliver at once.',
    parse: integer(1, 10_000),
  }),
  webhookConcurrencyPerApplication: setting({
    env: 'WEBHOOK_CONCURRENCY_PER_APPLICATION',
    default: '20',
    unit: 'attempts',
    doc: 'The same for one application, so that a slow receiver holds up nobody else.',
    parse: integer(1, 10_000),
  }),
  webhookInterval: setting({
    env: 'WEBHOOK_INTERVAL_SECONDS',
    default: '1',
    unit: 'seconds',
    doc: 'How often webhooks are looked for that are due by the clock; what a change makes owed is attempted at once.',
    parse: seconds(0.05, 60),
  }),
  webhookAttemptsKept: setting({
    env: 'WEBHOOK_ATTEMPTS_KEPT_DAYS',
    default: '30',
    unit: 'days',
    doc: 'How long attempts are kept for the operator to see.',
    parse: days(1, 3650),
  }),
} as const
