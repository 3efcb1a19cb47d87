import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { migrations } from '../../src/storage/migrations/migrations.ts'
import { ApplicationClient } from '../application-client.ts'
import {
  jsonOf,
  root,
  run,
  runCountersign,
  startCountersign,
  urlOf,
  type CommandResult,
  type Surroundings,
} from '../countersign-process.ts'
import { databases } from '../databases.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Surroundings with nothing set but the database, which is a file of this name. */
const on = (database: string, environment: Record<string, string> = {}): Surroundings => ({
  folder,
  environment: { DATABASE_URL: `sqlite:./${database}.db`, HOST: '127.0.0.1', PORT: '0', ...environment },
})

/** How a command fails: status 1, and one line for the person who called it. */
const failsWith = (sentence: RegExp) => ({
  status: 1,
  stdout: '',
  stderr: expect.stringMatching(new RegExp(`^(countersign|error): .*${sentence.source}.*\n$`)),
})

const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)

describe('countersign app', () => {
  const app = (line: string, ...more: string[]): Promise<CommandResult> =>
    runCountersign(['app', ...line.split(' '), ...more], on('applications'))

  it('makes, shows and changes applications while a server runs on the same database', async () => {
    const server = startCountersign(['serve'], on('applications'))
    const url = await urlOf(server)
    const created = jsonOf(await app('create --webhook-url https://shop.test/hook --json --name', 'A shop'))
    expect(created).toEqual({ api_key: uuid, api_secret: uuid, name: 'A shop', webhook_url: 'https://shop.test/hook' })
    const { api_key: apiKey, api_secret: apiSecret } = created
    const ping = async (secret: string) =>
      (await new ApplicationClient(url, { apiKey, apiSecret: secret }).call('GET', 'ping')).body
    expect(await ping(apiSecret)).toMatchObject({ pong: true, auth: { application: { name: 'A shop' } } })

    const settings = [
      '--name Shop --webhook-url https://shop.test/other --bind-sign-in on --pushed-user-only on',
      '--events-url https://shop.test/events --events opened,expired',
      '--honour-retry-after on --end-on-gone on --require-https on --json',
    ].join(' ')
    const updated = {
      api_key: apiKey,
      name: 'Shop',
      description: '',
      icon_url: '',
      webhook_url: 'https://shop.test/other',
      disabled: false,
      bind_sign_in: true,
      pushed_user_only: true,
      events_url: 'https://shop.test/events',
      events: ['opened', 'expired'],
      honour_retry_after: true,
      end_on_gone: true,
      require_https: true,
    }
    expect(jsonOf(await app(`update ${apiKey} ${settings}`))).toEqual(updated)
    expect(await ping(apiSecret)).toMatchObject({ auth: { application: { name: 'Shop' } } })

    const rotated = jsonOf(await app(`rotate-secret ${apiKey} --json`))
    expect(rotated).toEqual({ ...created, api_secret: uuid, name: 'Shop', webhook_url: 'https://shop.test/other' })
    expect(await ping(apiSecret)).toMatchObject({ error: { code: 813 } })
    expect(await ping(rotated.api_secret)).toMatchObject({ pong: true })

    expect(jsonOf(await app(`disable ${apiKey} --json`))).toEqual({ ...updated, disabled: true })
    expect(await ping(rotated.api_secret)).toMatchObject({ error: { code: 810 } })
    expect(jsonOf(await app(`enable ${apiKey} --json`))).toEqual(updated)
    expect(await ping(rotated.api_secret)).toMatchObject({ pong: true })
    expect(jsonOf(await app('list --json'))).toEqual([updated])
    server.send('SIGTERM')
    await server.ended
  })

  it('speaks to people in words', async () => {
    const people = (line: string) => runCountersign(['app', ...line.split(' ')], on('people'))
    expect(await people('list')).toMatchObject({ status: 0, stdout: 'No applications yet.\n' })
    const { stdout } = await people('create --name Shop')
    const [, key] = /^API key {5}(\S+)\nAPI secret {2}\S+\n\nThe secret is shown this once.\n$/.exec(stdout)!
    expect((await people('list')).stdout).toBe(`${key}  enabled  Shop\n`)
    expect((await people(`disable ${key}`)).stdout).toContain('disabled            true\n')
  })

  it('warns about what probably nobody wants, beside the answer', async () => {
    const { stdout, stderr } = await app('create --name Shop --webhook-url http://10.0.0.1/hook --json')
    expect(JSON.parse(stdout)).toMatchObject({ webhook_url: 'http://10.0.0.1/hook' })
    expect(stderr).toMatch(/^countersign: warning: .* not https.*\ncountersign: warning: .*10\.0\.0\.1 is .*\n$/)
    const { api_key: key } = JSON.parse(stdout) as { api_key: string }
    const mended = await app(`update ${key} --webhook-url https://shop.test/ --json`)
    expect(mended).toMatchObject({ status: 0, stderr: '' })
  })

  it('says in one line what it cannot do', async () => {
    const [unknown, unnamed, misplaced, undecided, unheard] = await Promise.all([
      app('disable 11111111-2222-4333-8444-555555555555 --json'),
      app('create --json'),
      app('create --name Shop --webhook-url ftp://shop.test'),
      app('create --name Shop --require-https maybe'),
      app('create --name Shop --events opened,closed'),
    ])
    expect(unknown).toEqual(failsWith(/Nothing is known under this name/))
    expect(unnamed).toEqual(failsWith(/'--name <name>' not specified/))
    expect(misplaced).toEqual(failsWith(/webhook/))
    expect(undecided).toEqual(failsWith(/--require-https must be on or off, not "maybe"/))
    expect(unheard).toEqual(failsWith(/--events must list .* not "closed"/))
  })
})

describe('countersign migrate', () => {
  const migrate = (...options: string[]) => runCountersign(['migrate', ...options], on('migrated'))
  const all = migrations.map(({ name, additive }) => ({ name, additive }))

  it('brings the schema up to date, once, and says before what it would do', async () => {
    expect(jsonOf(await migrate('--dry-run', '--json'))).toEqual({ due: all })
    expect((await migrate('--dry-run')).stdout).toContain(
      `Would apply ${all[0]!.name}: nodes of older versions may go on beside it.\n`,
    )
    expect(jsonOf(await migrate('--json'))).toEqual({ applied: all })
    expect(jsonOf(await migrate('--json'))).toEqual({ applied: [] })
    expect(jsonOf(await migrate('--dry-run', '--json'))).toEqual({ due: [] })
    expect(await migrate()).toMatchObject({ status: 0, stdout: 'The schema is up to date.\n' })
  })
})

describe('countersign copy', () => {
  it('says what it needs before it touches anything', async () => {
    const copy = (...options: string[]) => runCountersign(['copy', ...options], on('copied'))
    expect(await copy('--from', 'sqlite:./copied.db')).toEqual(failsWith(/'--to <url>' not specified/))
    const nowhere = await copy('--from', 'sqlite:./copied.db', '--to', 'postgres://127.0.0.1:1/nothing')
    expect(nowhere).toEqual(failsWith(/there is no \.\/copied\.db\.key; give the key/))
  })
})

describe('a command that cannot do its work', () => {
  const serve = (environment: Record<string, string>, ...options: string[]) =>
    runCountersign(['serve', ...options], on('served', environment))

  it('says what to set when nobody could reach it', async () => {
    expect(await serve({ HOST: '0.0.0.0' })).toEqual(failsWith(/PUBLIC_URL \(--public-url\) must say what users see/))
  })

  it('names every setting that cannot be used', async () => {
    expect(await serve({ LOG_LEVEL: 'loud', RATE_LIMIT: 'some' }, '--port', '99999')).toEqual(
      failsWith(/PORT \(--port\) must be .*RATE_LIMIT .*LOG_LEVEL /),
    )
  })

  it('knows its options and commands', async () => {
    const [option, command] = await Promise.all([serve({}, '--bogus'), runCountersign(['bogus'])])
    expect(option).toEqual(failsWith(/unknown option '--bogus'/))
    expect(command).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining("unknown command 'bogus'") })
  })

  it('does not open a database with another key than the one it was made with', async () => {
    expect((await runCountersign(['app', 'list'], on('keyed'))).status).toBe(0)
    const wrong = on('keyed', { COUNTERSIGN_SECRET_KEY: 'f'.repeat(64) })
    const answers = await Promise.all([['serve'], ['dev'], ['app', 'list']].map((line) => runCountersign(line, wrong)))
    expect(answers).toEqual(Array(3).fill(failsWith(/COUNTERSIGN_SECRET_KEY is not the key/)))
  })

  it('says so when PostgreSQL has no key, or is not there, without a word of its password', async () => {
    const DATABASE_URL = 'postgres://someone:hunter2@127.0.0.1:1/nothing'
    const [keyless, unreachable] = await Promise.all([
      serve({ DATABASE_URL }),
      serve({ DATABASE_URL, COUNTERSIGN_SECRET_KEY: 'f'.repeat(64) }),
    ])
    expect(keyless).toEqual(failsWith(/COUNTERSIGN_SECRET_KEY .* is required with PostgreSQL/))
    expect(unreachable).toEqual(failsWith(/PostgreSQL cannot be used: connect ECONNREFUSED/))
    expect(unreachable.stderr).not.toContain('hunter2')
  })

  it.each(databases)('ends at once when its port is in use, on $name', async ({ create }) => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const database = await create()
    const PORT = String((other.address() as AddressInfo).port)
    const settings = { DATABASE_URL: database.url, COUNTERSIGN_SECRET_KEY: 'f'.repeat(64), PORT }
    expect(await serve(settings)).toEqual(failsWith(new RegExp(`port ${PORT} on 127.0.0.1 is already in use`)))
    await database.drop()
    other.close()
  })
})

describe('countersign dev', () => {
  it('keeps its key pair and admin token with its data, and its snippet works as it is', async () => {
    const dev = startCountersign(['dev'], on('mine'))
    await urlOf(dev)
    const words = dev.said()
    const [, key, secret, token] = /API key {5}(\S+)\n {2}API secret {2}(\S+)\n {2}Admin token (\S+)\n/.exec(words)!
    const snippet = /\.mjs:\n\n([^]*?)\n\n/.exec(words)![1]!
    await writeFile(join(folder, 'snippet.mjs'), snippet)
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
    const { stdout } = await run(process.execPath, ['snippet.mjs'], { folder })
    expect((await fetch(stdout.trim())).status).toBe(200)
    dev.send('SIGINT')
    expect(await dev.ended).toMatchObject({ status: 0 })

    const [again, another] = [
      startCountersign(['dev', '--json'], on('mine')),
      startCountersign(['dev', '--json'], on('another')),
    ]
    const url = await urlOf(again)
    expect(JSON.parse(again.said())).toEqual({
      url,
      listening: url,
      api_key: key,
      api_secret: secret,
      admin_token: token,
    })
    const authorization = `Bearer ${token}`
    expect((await fetch(`${url}/api/v1/admin/deliveries`, { headers: { authorization } })).status).toBe(200)
    await urlOf(another)
    const { api_key: otherKey, api_secret: otherSecret, admin_token: otherToken } = JSON.parse(another.said())
    expect(otherKey).not.toBe(key)
    expect(otherSecret).not.toBe(secret)
    expect(otherToken).not.toBe(token)
    for (const server of [again, another]) server.send('SIGTERM')
    await Promise.all([again.ended, another.ended])
  })
})

describe('npx countersign', () => {
  it('works in a checkout', async () => {
    const environment = { HOME: folder, npm_config_offline: 'true' }
    const version = await run('npx', ['countersign', '--version'], { folder: root, environment })
    expect(version).toMatchObject({ status: 0, stdout: `${manifest.version}\n` })
  })
})
