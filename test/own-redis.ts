import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { collect, startProgram } from './programs.ts'
import { until } from './until.ts'

/** A Redis server of a test's own, to be killed and started at will, on a port that it keeps. */
export class OwnRedis {
  readonly port: number
  readonly #folder: string
  #server: ReturnType<typeof startProgram> | null = null

  private constructor(folder: string, port: number) {
    this.#folder = folder
    this.port = port
  }

  /** Resolves once it answers. */
  static async start(): Promise<OwnRedis> {
    const redis = new OwnRedis(await mkdtemp(join(tmpdir(), 'countersign-redis-')), await freePort())
    await redis.start()
    return redis
  }

  url(port = this.port): string {
    return `redis://127.0.0.1:${port}`
  }

  /** Starts it again after it was killed. Resolves once it answers. */
  async start(): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    const server = startProgram('redis-server', args, { cwd: this.#folder })
    const log = collect(server.stdout)
    this.#server = server
    await until(
      () => `Redis to answer: ${log.text}`,
      () => this.#answers(),
    )
  }

  async kill(): Promise<void> {
    if (this.#server === null) return
    const ended = once(this.#server, 'close')
    this.#server.kill('SIGKILL')
    await ended
    this.#server = null
  }

  /** Ends it and removes its folder. */
  async destroy(): Promise<void> {
    await this.kill()
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #answers(): Promise<boolean> {
    const socket = connect(this.port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      socket.write('PING\r\n')
      const [answer] = (await once(socket, 'data')) as [Buffer]
      return answer.toString() === '+PONG\r\n'
    } catch {
      return false
    } finally {
      socket.destroy()
    }
  }
}
