import type { Milliseconds } from '../clock.ts'

/** `2026-01-31T12:00:00Z`: UTC, whole seconds, fraction cut off. Source: CONTRACT, introduction. */
export const isoTime = (time: Milliseconds): string => new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z')
