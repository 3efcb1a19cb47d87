import { initial } from './0001-initial.ts'
import type { Migration } from './migration.ts'

/** In order; none is ever taken away. */
export const migrations: readonly Migration[] = [initial]
