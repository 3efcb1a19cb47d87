import { initial } from './0001-initial.ts'
import { webhooks } from './0002-webhooks.ts'
import { changes } from './0003-changes.ts'
import { pages } from './0004-pages.ts'
import type { Migration } from './migration.ts'

/** In order; none is ever taken away. */
export const migrations: readonly Migration[] = [initial, webhooks, changes, pages]
