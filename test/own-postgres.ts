import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freePort } from './free-port.ts'
import { collect, startProgram } from './programs.ts'
import { until } from './until.ts'

/**
 * A PostgreSQL server of a test's own, to be stopped and started at will: a new cluster in a temporary folder, on a port
 * that it keeps. What it wrote survives the end of the server in any way, not that of the machine (fsync is off).
 */
export class OwnPostgres {
  readonly port: number
  readonly #folder: string
  readonly #bin: string
  #server: ReturnType<typeof startProgram> | null = null

  private constructor(bin: string, folder: string, port: number) {
    this.#bin = bin
    this.#folder = folder
    this.port = port
  }

  /** Resolves once it answers. */
  static async start(): Promise<OwnPostgres> {
    const bin = await programsFolder()
    const folder = await mkdtemp(join(tmpdir(), 'countersign-postgres-'))
    if (owner !== null) await chown(folder, owner.uid, owner.gid)
    const initdb = ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync']
    const [status] = await once(startProgram(join(bin, 'initdb'), initdb, { ...owner, cwd: folder }), 'close')
    if (status !== 0) throw new Error(`initdb ended with ${String(status)}`)
    const postgres = new OwnPostgres(bin, folder, await freePort())
    await postgres.start()
    return postgres
  }

  /** Of the superuser; through a proxy with another port. */
  url(database = 'postgres', port = this.port): string {
    return `postgres://postgres@127.0.0.1:${port}/${database}`
  }

  /** Starts it again after a stop. Resolves once it answers. */
  async start(): Promise<void> {
    const settings = {
      port: this.port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: this.#folder,
      fsync: 'off',
      max_connections: 200,
    }
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const server = startProgram(join(this.#bin, 'postgres'), ['-D', join(this.#folder, 'data'), ...args], {
      ...owner,
      cwd: this.#folder,
    })
    const log = collect(server.stderr)
    this.#server = server
    await until(
      () => `PostgreSQL to answer: ${log.text}`,
      () => this.#answers(),
    )
  }

  /** `fast` ends every session and waits for a checkpoint; `immediate` is what a crash does. Resolves when it is gone. */
  async stop(how: 'fast' | 'immediate'): Promise<void> {
    if (this.#server === null) return
    const ended = once(this.#server, 'close')
    this.#server.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await ended
    this.#server = null
  }

  /** One statement, on a connection of its own. */
  async query(sql: string, database?: string): Promise<pg.QueryResult> {
    const client = new pg.Client({ connectionString: this.url(database), connectionTimeoutMillis: 5_000 })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return await client.query(sql)
    } finally {
      await client.end()
    }
  }

  /** Ends it and removes its folder. */
  async destroy(): Promise<void> {
    await this.stop('immediate')
    await rm(this.#folder, { recursive: true, force: true })
  }

  #answers(): Promise<boolean> {
    return this.query('select 1').then(
      () => true,
      () => false,
    )
  }
}

/** PostgreSQL refuses to run as root. Debian's package has a user for it; without one nobody does. */
const owner = ((): { readonly uid: number; readonly gid: number } | null => {
  if (process.getuid?.() !== 0) return null
  const idOf = (user: string, flag: '-u' | '-g'): number =>
    Number(execFileSync('id', [flag, user], { stdio: ['ignore', 'pipe', 'ignore'] }))
  try {
    return { uid: idOf('postgres', '-u'), gid: idOf('postgres', '-g') }
  } catch {
    return { uid: idOf('nobody', '-u'), gid: idOf('nobody', '-g') }
  }
})()

/** Debian keeps the server's programs off the PATH, by version; elsewhere `pg_config` knows. */
const programsFolder = async (): Promise<string> => {
  const versions = await readdir(debian).catch(() => [])
  const newest = versions.sort((one, other) => Number(one) - Number(other)).at(-1)
  if (newest !== undefined) return join(debian, newest, 'bin')
  return execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim()
}

const debian = '/usr/lib/postgresql'
