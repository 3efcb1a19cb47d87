import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { keysOf, newKeys, type KeyAlgorithm } from '../virtual-wallet/keys.ts'
import { createVirtualWallet, type VirtualWallet } from '../virtual-wallet/virtual-wallet.ts'
import { readWalletFile, writeWalletFile, type WalletFile } from '../virtual-wallet/wallet-file.ts'
import { CommandFailure } from './output.ts'

/** As the command line has them: text. */
export interface OpenWalletOptions {
  readonly file: string
  readonly server: string
  readonly seed?: string
  readonly algorithm?: KeyAlgorithm
  readonly account?: string
  readonly ledger?: string
  readonly network?: string
  readonly fee?: string
  readonly sequence?: string
  readonly ledgerIndex?: string
}

/** The wallet in the file, or a new one that is registered and kept there. */
export const openWallet = async (options: OpenWalletOptions): Promise<VirtualWallet> => {
  const path = resolve(options.file)
  const server = options.server.replace(/\/+$/, '')
  const known = readWalletFile(path)
  if (known !== null && known.state.server !== server) {
    throw new CommandFailure(`the wallet in ${options.file} belongs to ${known.state.server}; give another --file`)
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const { seed, algorithm, account } = known ?? newIdentity(options)
  return createVirtualWallet({
    server,
    seed,
    algorithm,
    ...(account !== null && { account }),
    ...(known !== null && { state: known.state }),
    save: (state) => writeWalletFile(path, { seed, algorithm, account, state }),
    ...(options.ledger !== undefined && { ledger: options.ledger }),
    ...(options.network !== undefined && { network: options.network }),
    ...(options.fee !== undefined && { fee: options.fee }),
    ...(options.sequence !== undefined && { sequence: wholeNumber('--sequence', options.sequence) }),
    ...(options.ledgerIndex !== undefined && { ledgerIndex: wholeNumber('--ledger-index', options.ledgerIndex) }),
  })
}

const newIdentity = (options: OpenWalletOptions): Omit<WalletFile, 'state'> => {
  const account = options.account ?? null
  if (options.seed === undefined) {
    const algorithm = options.algorithm ?? 'ed25519'
    return { seed: newKeys(algorithm).seed, algorithm, account }
  }
  // only seeds of ed25519 say of what they are
  const algorithm = options.algorithm ?? (options.seed.startsWith('sEd') ? 'ed25519' : 'secp256k1')
  try {
    keysOf(options.seed, algorithm)
  } catch {
    throw new CommandFailure('--seed is no seed')
  }
  return { seed: options.seed, algorithm, account }
}

const wholeNumber = (flag: string, value: string): number => {
  if (!/^\d{1,10}$/.test(value)) throw new CommandFailure(`${flag} must be a whole number, not "${value}"`)
  return Number(value)
}
