import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './boundary/source-files.ts'
import { freePort } from './free-port.ts'
import { collect, startProgram } from './programs.ts'
import { until } from './until.ts'

/** Null when HAProxy can be run, else why not. Where CI=true a missing one is a failure. */
export const balancerMissing = (): string | null => {
  const { error } = spawnSync('haproxy', ['-v'])
  if (error === undefined) return null
  if (process.env['CI'] === 'true') throw new Error(`CI needs HAProxy: ${error.message}`, { cause: error })
  return `no HAProxy (${error.message})`
}

/** HAProxy with the configuration that is given to operators, `deploy/haproxy.cfg`, before nodes of a test. */
export class OwnBalancer {
  readonly port: number
  readonly #folder: string
  readonly #program: ReturnType<typeof startProgram>
  readonly #ended: Promise<unknown>
  readonly #said: { readonly text: string }

  private constructor(port: number, folder: string, program: ReturnType<typeof startProgram>) {
    this.port = port
    this.#folder = folder
    this.#program = program
    this.#ended = once(program, 'close')
    this.#said = collect(program.stderr)
    // one line for each request
    program.stdout.resume()
  }

  /** @param nodes their ports on loopback; nobody has to listen there yet */
  static async start(nodes: readonly [number, number]): Promise<OwnBalancer> {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-haproxy-'))
    const port = await freePort()
    const file = join(folder, 'haproxy.cfg')
    await writeFile(file, onLoopback(await readFile(join(root, 'deploy/haproxy.cfg'), 'utf8'), port, nodes))
    const program = startProgram('haproxy', ['-db', '-f', file])
    return new OwnBalancer(port, folder, program)
  }

  /** Resolves once it sends requests to a node that is ready. */
  async findsNode(): Promise<void> {
    await until(
      () => `the balancer to find a node: ${this.#said.text}`,
      () => answersOk(`${this.url}/healthz`),
    )
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async stop(): Promise<void> {
    this.#program.kill('SIGTERM')
    await this.#ended
    await rm(this.#folder, { recursive: true })
  }
}

/** Names of the compose network are exchanged for addresses of this machine, and nothing else. */
const onLoopback = (configuration: string, port: number, nodes: readonly [number, number]): string =>
  [
    ['bind :8080', `bind 127.0.0.1:${port}`],
    ['node1:3000', `127.0.0.1:${nodes[0]}`],
    ['node2:3000', `127.0.0.1:${nodes[1]}`],
    [' init-addr last,libc,none resolvers docker', ''],
  ].reduce((text, [name, here]) => {
    if (text.split(name!).length !== 2) throw new Error(`deploy/haproxy.cfg has not exactly one "${name}"`)
    return text.replace(name!, here!)
  }, configuration)

const answersOk = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}
