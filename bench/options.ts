import { parseArgs } from 'node:util'

/** What the command line says of a run. */
export interface Options {
  /** Which measurements, by name. */
  readonly names: readonly string[]
  readonly rounds: number
  /** Small enough to see in a minute or two that it works; the figures say little. */
  readonly small: boolean
  /** Of which subjects, by a part of their names; empty for all. */
  readonly only: readonly string[]
  readonly sockets: readonly number[] | null
  readonly seconds: number | null
  readonly payloads: number | null
  /** More arguments for `countersign serve`. */
  readonly serve: readonly string[]
}

export const readOptions = (args: readonly string[]): Options => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      small: { type: 'boolean', default: false },
      only: { type: 'string' },
      sockets: { type: 'string' },
      seconds: { type: 'string' },
      payloads: { type: 'string' },
      serve: { type: 'string' },
    },
  })
  const { small, rounds, only, sockets, seconds, payloads, serve } = values
  return {
    names: positionals,
    small,
    rounds: rounds === undefined ? (small ? 1 : 3) : wholeNumber('--rounds', rounds),
    only: wordsOf(only, ','),
    sockets: sockets === undefined ? null : wordsOf(sockets, ',').map((one) => wholeNumber('--sockets', one)),
    seconds: seconds === undefined ? null : wholeNumber('--seconds', seconds),
    payloads: payloads === undefined ? null : wholeNumber('--payloads', payloads),
    serve: wordsOf(serve, ' '),
  }
}

const wordsOf = (text: string | undefined, separator: string): string[] =>
  (text ?? '').split(separator).filter((word) => word !== '')

const wholeNumber = (name: string, text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`${name} must be a whole number above 0, and "${text}" is none.`)
  return Number(text)
}
