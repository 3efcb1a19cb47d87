const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The uuid in the lower case that it has inside; null for anything else. Any 8-4-4-4-12 hex counts as one on input. */
export const readUuid = (value: unknown): string | null =>
  typeof value === 'string' && uuidForm.test(value) ? value.toLowerCase() : null
