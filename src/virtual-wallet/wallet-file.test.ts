import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readWalletFile, writeWalletFile, type WalletFile } from './wallet-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-wallet-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file: WalletFile = {
  seed: 'sEdTM1uX8pu2do5XvTnutH6HsouMaM2',
  algorithm: 'ed25519',
  account: null,
  state: {
    server: 'http://127.0.0.1:3000',
    deviceId: 'e9ddf35f-a2a4-4ff4-9cd6-bf2d5b2f5f34',
    uniqueDeviceIdentifier: 'device',
    accessToken: 'token',
    counter: 1,
    refreshToken: null,
    bearerHash: null,
  },
}

describe('the file of a wallet', () => {
  it('is read as it was written, and replaced as a whole', () => {
    const path = join(folder, 'wallet.json')
    expect(readWalletFile(path)).toBeNull()
    writeWalletFile(path, file)
    const raised = { ...file, state: { ...file.state, counter: 2 } }
    writeWalletFile(path, raised)
    expect(readWalletFile(path)).toEqual(raised)
    expect(readdirSync(folder)).toEqual(['wallet.json'])
  })

  it('is for its owner alone', () => {
    const path = join(folder, 'wallet.json')
    writeWalletFile(path, file)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it.each(['', 'hello', '{}', JSON.stringify({ ...file, seed: 7 })])('is not %j', (text) => {
    const path = join(folder, 'other.json')
    writeFileSync(path, text)
    expect(() => readWalletFile(path)).toThrow(`${path} is no wallet file.`)
  })

  it('that cannot be read is an error', () => {
    expect(() => readWalletFile(folder)).toThrow(`The wallet file ${folder} cannot be read.`)
  })
})
