import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { WalletError } from './wallet-error.ts'

const Text = Type.Union([Type.String(), Type.Null()])

/** What a wallet keeps between two runs: its keys, and what it is to one server. Secret. */
const WalletFile = Type.Object({
  seed: Type.String(),
  algorithm: Type.Union([Type.Literal('ed25519'), Type.Literal('secp256k1')]),
  /** For which it signs; null: the key's own. */
  account: Text,
  state: Type.Object({
    server: Type.String(),
    deviceId: Type.String(),
    uniqueDeviceIdentifier: Type.String(),
    accessToken: Type.String(),
    counter: Type.Number(),
    refreshToken: Text,
    bearerHash: Text,
  }),
})
export type WalletFile = Static<typeof WalletFile>

/** Null when there is no such file. Throws `WalletError` when it is something else, or may not be read. */
export const readWalletFile = (path: string): WalletFile | null => {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new WalletError(`The wallet file ${path} cannot be read.`, { cause: fault })
  }
  const file = parse(text)
  if (!Value.Check(WalletFile, file)) throw new WalletError(`${path} is no wallet file.`)
  return file
}

/** Replaces it at once, readable by its owner alone: a counter that was lost is a wallet that is refused. */
export const writeWalletFile = (path: string, file: WalletFile): void => {
  const fresh = `${path}.${randomUUID()}`
  writeFileSync(fresh, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(fresh, path)
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
