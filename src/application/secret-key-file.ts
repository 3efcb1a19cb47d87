import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * The key that application secrets are sealed with, made at first use and kept in a file that only its owner reads.
 *
 * The file appears whole or not at all, so that two processes which start at once end up with the same key.
 *
 * @returns 64 hex digits
 * @throws Error when the file holds something else
 */
export const secretKeyFromFile = (path: string): string => {
  if (!existsSync(path)) create(path)
  return readSecretKeyFile(path)
}

/** The key that was made before. @throws Error when there is no such file, or it holds something else */
export const readSecretKeyFile = (path: string): string => {
  const key = readFileSync(path, 'utf8').trim()
  if (!/^[0-9a-f]{64}$/i.test(key)) throw new Error(`${path} does not hold a secret key of 64 hex digits`)
  return key
}

const create = (path: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  try {
    linkSync(draft, path)
  } catch (error) {
    // another process was first: its key is the key
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
}
