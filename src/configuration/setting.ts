/** How the server is run decides a few defaults: `dev` is friendly to one developer's machine. */
export type Mode = 'serve' | 'dev'

/** One row of the table of settings. */
export interface Setting<T> {
  /** The environment variable; the flag follows from it (`flagOf`). */
  readonly env: string
  /** As one would write it; null: absent. Where the modes differ, one for each. */
  readonly default: string | null | Readonly<Record<Mode, string | null>>
  readonly unit?: string
  /** One or two sentences for the reference. */
  readonly doc: string
  /** Throws `SettingError` with a sentence that completes "PORT …". */
  readonly parse: (text: string) => T
}

/** Has each row keep the type of its own value. */
export const setting = <T>(row: Setting<T>): Setting<T> => row

/** A value that cannot be used; the message names no setting, the reader of the table adds it. */
export class SettingError extends Error {}

/** `--public-url` of `PUBLIC_URL`, `--secret-key` of `COUNTERSIGN_SECRET_KEY`. */
export const flagOf = (env: string): string =>
  `--${env
    .replace(/^COUNTERSIGN_/, '')
    .toLowerCase()
    .replaceAll('_', '-')}`

export const defaultOf = (setting: Setting<unknown>, mode: Mode): string | null =>
  setting.default === null || typeof setting.default === 'string' ? setting.default : setting.default[mode]
