/**
 * The ids of payloads made in bulk, by number: the load generator knows them without a list, and they lie scattered over
 * an index as random ones do.
 */
const factor = 2_654_435_761

export const payloadId = (n: number): string => `${hex(Math.imul(n, factor) >>> 0, 8)}-0000-4000-8000-${hex(n, 12)}`

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

/** The same in SQL of a column `n`. @param kind what it is the id of, 0 for payloads */
export const sqliteId = (kind: number): string =>
  `printf('%08x-000${kind}-4000-8000-%012x', (n * ${factor}) & 4294967295, n)`

export const postgresId = (kind: number): string =>
  `lpad(to_hex((n * ${factor}) & 4294967295), 8, '0') || '-000${kind}-4000-8000-' || lpad(to_hex(n), 12, '0')`
