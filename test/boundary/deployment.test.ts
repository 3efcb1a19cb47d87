import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'prettier'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfiguration } from '../../src/configuration/configuration.ts'
import { defaultOf } from '../../src/configuration/setting.ts'
import { settings } from '../../src/configuration/settings.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { run } from '../countersign-process.ts'
import { root } from './source-files.ts'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const dockerfile = read('Dockerfile')
const dockerignore = read('.dockerignore')
const compose = read('deploy/compose.yaml')
const kubernetes = read('deploy/kubernetes.yaml')
const balancer = read('deploy/haproxy.cfg')
const manifest = JSON.parse(read('package.json')) as { engines: { node: string }; files: string[] }

const variables = new Set<string>(Object.values(settings).map(({ env }) => env))

/** The words of the one exec form after an instruction. */
const execForm = (instruction: string): string[] => {
  const [, words] = new RegExp(`^(?:${instruction} |  )(?:CMD )?(\\[.*\\])$`, 'm').exec(
    dockerfile.slice(dockerfile.indexOf(`\n${instruction} `)),
  )!
  return JSON.parse(words!) as string[]
}

/** Settings as a file of YAML gives them, with something for what the operator fills in. */
const given = (yaml: string): Record<string, string> => {
  const filledIn = (text: string): string =>
    text
      .replace(/^(CHANGE-ME|\$\{COUNTERSIGN_SECRET_KEY:.*\})$/, 'a'.repeat(64))
      .replace(/^\$\{PUBLIC_URL:.*\}$/, 'https://sign.example.com')
      .replace(/^\$\{\w+:-\}$/, '')
      .replace(/\$\{POSTGRES_PASSWORD:.*?\}|CHANGE-ME/, 'secret')
  return Object.fromEntries(
    [...yaml.matchAll(/^ +([A-Z][A-Z_]+): '?(.*?)'?$/gm)]
      .filter(([, name]) => !name!.startsWith('POSTGRES_'))
      .map(([, name, value]) => [name!, filledIn(value!)]),
  )
}

describe('the Dockerfile', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, names]) => names!.split(' '))
  const letThrough = [...dockerignore.matchAll(/^!(.*)$/gm)].map(([, name]) => name!)

  it('copies what is there, and lets nothing else into the build', () => {
    expect(copied.filter((name) => !existsSync(join(root, name)))).toEqual([])
    expect(new Set(letThrough)).toEqual(new Set(copied))
  })

  it('has in its image what the package has, but for the documentation', () => {
    const needed = manifest.files.filter((name) => name !== 'docs')
    expect(needed.filter((name) => name !== 'dist' && !copied.includes(name))).toEqual([])
    expect(dockerfile).toContain('COPY --from=build /app/dist ./dist')
  })

  it('runs a Node that the package takes, as somebody who is not root, without a shell', () => {
    const [, major] = /^ARG NODE_IMAGE=node:(\d+)-/m.exec(dockerfile)!
    const [, least] = /^>=(\d+)\./.exec(manifest.engines.node)!
    expect(Number(major)).toBeGreaterThan(Number(least))
    expect(dockerfile).toMatch(/^USER 1000:1000$/m)
    expect([...execForm('ENTRYPOINT'), ...execForm('CMD')]).toEqual(['node', '/app/bin/countersign.js', 'serve'])
  })

  it('sets only variables that there are', () => {
    const [, block] = /^ENV ((?:.*\\\n)*.*)$/m.exec(dockerfile)!
    const names = [...block!.matchAll(/(\w+)=/g)].map(([, name]) => name!)
    expect(names.filter((name) => !variables.has(name))).toEqual(['NODE_ENV'])
  })
})

describe.each([
  ['compose.yaml', compose, /stop_grace_period: (\d+)s/],
  ['kubernetes.yaml', kubernetes, /terminationGracePeriodSeconds: (\d+)/],
])('deploy/%s', (_name, yaml, gracePeriod) => {
  it('gives settings that the server takes', () => {
    const environment = given(yaml)
    expect(Object.keys(environment).filter((name) => !variables.has(name))).toEqual([])
    const configuration = readConfiguration('serve', environment)
    expect(configuration).toMatchObject({ secretKey: expect.anything(), trustProxy: [expect.anything()] })
  })

  it('lets a node stop in its own time', () => {
    const { drainTime, shutdownGrace } = readConfiguration('serve', given(yaml))
    // more of it would not count
    expect(drainTime).toBeLessThanOrEqual(shutdownGrace / 2)
    // gone two seconds after it, as the reference says
    expect(Number(gracePeriod.exec(yaml)![1])).toBeGreaterThan(shutdownGrace / 1000 + 2)
  })
})

describe('what is in deploy/', () => {
  it.each(readdirSync(join(root, 'deploy')).filter((name) => name.endsWith('.yaml')))('is YAML: %s', async (name) => {
    await expect(format(read(`deploy/${name}`), { parser: 'yaml' })).resolves.not.toBe('')
  })

  it('asks the operator in .env.example for what compose.yaml takes from there', () => {
    const asked = [...read('deploy/.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name!)
    const taken = [...compose.matchAll(/\$\{([A-Z_]+):/g)].map(([, name]) => name!)
    expect(new Set(asked)).toEqual(new Set(taken.filter((name) => name !== 'BALANCER_PORT')))
  })

  it('looks for nodes where they listen', () => {
    const port = defaultOf(settings.port, 'serve') ?? ''
    expect(dockerfile).toContain(`EXPOSE ${port}`)
    expect([...balancer.matchAll(/server node\d node\d:(\d+)/g)].map(([, to]) => to)).toEqual([port, port])
    expect(kubernetes).toContain(`containerPort: ${port}`)
    expect(kubernetes).toContain(`prometheus.io/port: '${port}'`)
  })
})

describe('a server that is looked after', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer({ mode: 'serve' })
  })
  afterAll(() => server.close())

  it('answers what balancer, orchestrator and image ask', async () => {
    const asked = [
      ...balancer.matchAll(/http-check send meth GET uri (\S+)/g),
      ...kubernetes.matchAll(/httpGet:\s+path: (\S+)/g),
      ...kubernetes.matchAll(/prometheus.io\/path: (\S+)/g),
    ].map(([, path]) => path!)
    expect(asked).toHaveLength(5)
    for (const path of asked) expect((await fetch(server.url + path)).status).toBe(200)
  })

  it('is healthy by the command of the image, and nobody is where nobody listens', async () => {
    const [node, ...args] = execForm('HEALTHCHECK')
    const check = (port: string) => run(process.execPath, args, { environment: { PORT: port } })
    expect(node).toBe('node')
    expect(await check(new URL(server.url).port)).toMatchObject({ status: 0, stdout: '', stderr: '' })
    expect(await check('1')).toMatchObject({ status: 1, stdout: '', stderr: '' })
  })
})
