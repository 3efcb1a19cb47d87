import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'
import { makeCertificate, type Certificate } from './certificates.ts'
import { freePort } from './free-port.ts'

/**
 * How tests get Redis: servers of their own on free ports of loopback, in temporary folders, so that a test may stop and
 * kill them. Whatever a test leaves running, since it failed perhaps, is ended with its file.
 */
export interface RedisServer {
  /** For `REDIS_URL`, credentials included. */
  readonly url: string
  readonly port: number
  /** The authority that its certificate is from; null without TLS. */
  readonly ca: string | null
  /** SIGKILL, as a crash would; what it knew is gone. */
  kill(): Promise<void>
  /** Again on the same port, after `kill`. */
  start(): Promise<void>
  isRunning(): boolean
  /** SIGSTOP: connections stay open, new ones are taken by the system, and nothing is answered. */
  pause(): void
  resume(): void
  /** Runs `redis-cli` against it. */
  cli(...args: string[]): Promise<string>
  /** For good. */
  stop(): Promise<void>
}

export interface RedisOptions {
  /** Left out, a free one. */
  readonly port?: number
  readonly program?: 'redis-server' | 'valkey-server'
  readonly password?: string
  readonly tls?: boolean
  /** More of its configuration, as command-line arguments. */
  readonly args?: readonly string[]
}

/** Null when the program can be run, else why not. Where CI=true a missing Redis is a failure; Valkey is not. */
export const redisMissing = (program: RedisOptions['program'] = 'redis-server'): string | null => {
  if (spawnSync(program, ['--version']).status === 0) return null
  const reason = `no ${program} on the PATH`
  if (process.env['CI'] === 'true' && program === 'redis-server') throw new Error(`CI needs Redis: ${reason}`)
  return reason
}

export const startRedis = async (options: RedisOptions = {}): Promise<RedisServer> => {
  const { program = 'redis-server', port = await freePort(), password, tls = false, args = [] } = options
  const folder = mkdtempSync(join(tmpdir(), 'countersign-redis-'))
  folders.add(folder)
  const certificates = tls ? writeCertificates(folder) : null
  const configuration = [
    ...['--port', tls ? '0' : String(port), ...(certificates?.args(port) ?? [])],
    ...['--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no', '--daemonize', 'no'],
    ...(password === undefined ? [] : ['--requirepass', password]),
    ...args,
  ]
  let child = await run(program, configuration)
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null
  const kill = async (): Promise<void> => {
    children.delete(child)
    if (!isRunning()) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const credentials = password === undefined ? '' : `:${encodeURIComponent(password)}@`
  return {
    url: tls ? `rediss://${credentials}localhost:${port}` : `redis://${credentials}127.0.0.1:${port}`,
    port,
    ca: certificates?.ca ?? null,
    kill,
    start: async () => {
      child = await run(program, configuration)
    },
    isRunning,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    cli: (...command) => cli(['-p', String(port), ...command]),
    stop: async () => {
      await kill()
      forget(folder)
    },
  }
}

export interface RedisClusterServers {
  readonly url: string
  readonly ca: null
  readonly servers: readonly RedisServer[]
  stop(): Promise<void>
}

/** A cluster of masters with as many replicas each; ready when every server agrees that it is whole. */
export const startRedisCluster = async ({ masters = 3, replicas = 0 } = {}): Promise<RedisClusterServers> => {
  const servers: RedisServer[] = []
  for (let count = masters * (1 + replicas); count > 0; count--) {
    const args = ['--cluster-enabled', 'yes', '--cluster-port', String(await freePort())]
    servers.push(
      await startRedis({ args: [...args, '--cluster-node-timeout', '2000', '--repl-diskless-sync-delay', '0'] }),
    )
  }
  const addresses = servers.map(({ port }) => `127.0.0.1:${port}`)
  await cli(['--cluster', 'create', ...addresses, '--cluster-replicas', String(replicas), '--cluster-yes'])
  for (const server of servers) {
    while (!(await server.cli('cluster', 'info')).includes('cluster_state:ok')) await setTimeout(50)
  }
  return {
    url: servers.map(({ url }) => url).join(),
    ca: null,
    servers,
    stop: async () => {
      for (const server of servers) await server.stop()
    },
  }
}

const children = new Set<ChildProcess>()
const folders = new Set<string>()

const endAll = (): void => {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders) forget(folder)
}
afterAll(endAll)
process.once('exit', endAll)

const forget = (folder: string): void => {
  folders.delete(folder)
  rmSync(folder, { recursive: true, force: true })
}

/** Resolves once it takes connections. */
const run = async (program: string, args: readonly string[]): Promise<ChildProcess> => {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.add(child)
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('Ready to accept connections')) resolve()
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`${program} ended: ${said}`)))
  })
  child.stdout.removeAllListeners('data').resume()
  return child
}

const cli = async (args: readonly string[]): Promise<string> =>
  (await promisify(execFile)('redis-cli', args, { timeout: 30_000 })).stdout

const writeCertificates = (folder: string) => {
  const authority: Certificate = makeCertificate({ host: 'an authority', authority: true })
  const { cert, key } = makeCertificate({ host: 'localhost', issuer: authority })
  const write = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  const paths = { ca: write('ca.pem', authority.cert), cert: write('cert.pem', cert), key: write('key.pem', key) }
  return {
    ca: authority.cert,
    args: (port: number): string[] => [
      ...['--tls-port', String(port), '--tls-auth-clients', 'no'],
      ...['--tls-ca-cert-file', paths.ca, '--tls-cert-file', paths.cert, '--tls-key-file', paths.key],
    ],
  }
}
