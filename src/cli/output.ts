/** What a command prints: words for people, or one JSON value per line for programs (`--json`). */
export interface Output {
  readonly json: boolean
  /** The result: `value` for programs, `words` for people. */
  show(value: unknown, words: string): void
  /** For people only. */
  note(words: string): void
}

export const outputTo = (write: (text: string) => void, json: boolean): Output => ({
  json,
  show: (value, words) => write(`${json ? JSON.stringify(value) : words}\n`),
  note: (words) => {
    if (!json) write(`${words}\n`)
  },
})

/** Ends a command with one clear line on stderr and status 1; anything else that is thrown is a fault. */
export class CommandFailure extends Error {}

/** Columns for people: each as wide as its widest cell. */
export const columns = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
