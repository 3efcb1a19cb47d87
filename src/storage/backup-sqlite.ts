import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'

/**
 * Copies a SQLite database as it is at one moment, while servers go on writing to it: a read of everything, which in WAL
 * mode holds up nobody. (SQLite's backup API begins again whenever another process writes.)
 *
 * The copy appears whole, checked and on the disk, or not at all.
 *
 * @param to a file that does not exist yet
 * @throws Error where it does, and where there is no database to copy or no room for it
 */
export const backupSqlite = (from: string, to: string): void => {
  const draft = `${to}.${randomBytes(6).toString('hex')}`
  closeSync(openSync(draft, 'wx', 0o600))
  try {
    copyInto(from, draft)
    expectSound(draft)
    sync(draft)
    linkSync(draft, to)
  } finally {
    rmSync(draft)
  }
  sync(dirname(to))
}

/** How long to wait for another process to be done with what locks everybody out, such as ending the use of a WAL. */
const patience = 5_000

const copyInto = (from: string, draft: string): void => {
  const connection = new Sqlite(from, { fileMustExist: true, timeout: patience })
  try {
    connection.prepare('vacuum into ?').run(draft)
  } finally {
    connection.close()
  }
}

const expectSound = (path: string): void => {
  const connection = new Sqlite(path, { readonly: true })
  try {
    const found = connection.pragma('integrity_check', { simple: true })
    if (found !== 'ok') throw new Error(`The backup is not sound: ${String(found)}. Is the database itself?`)
  } finally {
    connection.close()
  }
}

const sync = (path: string): void => {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
