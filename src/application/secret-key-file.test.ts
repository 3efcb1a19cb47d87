import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { secretKeyFromFile } from './secret-key-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('makes a key once, for its owner alone, and leaves nothing else behind', () => {
  const path = join(folder, 'data', 'x.key')
  const key = secretKeyFromFile(path)
  expect(key).toMatch(/^[0-9a-f]{64}$/)
  expect(secretKeyFromFile(path)).toBe(key)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(folder, 'data'))).toEqual(['x.key'])
})

it('refuses a file that holds something else, without repeating it', () => {
  const path = join(folder, 'x.key')
  writeFileSync(path, 'hunter2')
  expect(() => secretKeyFromFile(path)).toThrow(/64 hex digits/)
  expect(() => secretKeyFromFile(path)).not.toThrow(/hunter2/)
})
