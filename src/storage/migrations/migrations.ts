import { initial } from './0001-initial.ts'
import { webhooks } from './0002-webhooks.ts'
import type { Migration } from './migration.ts'

/** In order; none is ever taken away. */
export const migrations: readonly Migration[] = [initial, webhooks]
