import { describe, expect, it, onTestFinished } from 'vitest'
import { createAddressPolicy } from '../../src/webhook/address-policy.ts'
import { attemptMaker, type AttemptOptions } from '../../src/webhook/attempt.ts'
import { startDnsStub, type DnsScript, type DnsStub } from '../dns-stub.ts'
import { startReceiver, type Receiver } from './receiver.ts'

/**
 * A name server that an attacker runs, against a canary on 127.0.0.1 that must never be reached. What stands for a public
 * address is 127.0.0.2, which the policy allows here and which is loopback, too: nothing leaves the machine. (Only Linux
 * answers on all of 127.0.0.0/8 without being told to.)
 */
const permitted = '127.0.0.2'
const forbidden = '127.0.0.1'
const policy = createAddressPolicy([permitted])
const never = new AbortController().signal

const setUp = async (script: DnsScript, options: Partial<AttemptOptions> = {}) => {
  const dns = await startDnsStub(script)
  const honest = await startReceiver((_, response) => response.end('honest'), { host: permitted })
  const canary = await startReceiver((_, response) => response.end('canary'), { host: forbidden, port: honest.port })
  onTestFinished(async () => {
    await Promise.all([dns.close(), honest.close(), canary.close()])
  })
  const makeAttempt = attemptMaker({ policy, resolve: dns.resolve, timeLimit: 2_000, ...options })
  const attempt = (name = 'rebind.test') =>
    makeAttempt({ url: `http://${name}:${honest.port}/`, headers: {}, body: '{}', requireHttps: false }, never)
  return { dns, honest, canary, attempt }
}

const asked = ({ questions }: DnsStub, type: string): number =>
  questions.filter((question) => question.startsWith(`${type} `)).length

const expectUnreached = ({ connections }: Receiver): void => expect(connections).toBe(0)

describe('a name that changes its address', () => {
  it('is asked for once in each attempt, so that the address which was checked is the one connected to', async () => {
    const { dns, honest, canary, attempt } = await setUp((_, before) => (before === 0 ? [permitted] : [forbidden]))
    expect(await attempt()).toMatchObject({ status: 200, response: 'honest' })
    expect([asked(dns, 'A'), asked(dns, 'AAAA')]).toEqual([1, 1])
    expect(honest.connections).toBe(1)
    expectUnreached(canary)
  })

  it('is refused from the next attempt on, which asks again and has no connection left from before', async () => {
    const { dns, honest, canary, attempt } = await setUp((_, before) => (before === 0 ? [permitted] : [forbidden]))
    await attempt()
    expect(await attempt()).toEqual({ stage: 'address', address: forbidden, objection: 'loopback' })
    expect(asked(dns, 'A')).toBe(2)
    expect(honest.connections).toBe(1)
    expectUnreached(canary)
  })

  it('gains nothing by changing it again and again', async () => {
    const { canary, honest, attempt } = await setUp((_, before) => [before % 2 === 0 ? permitted : forbidden])
    const stages: string[] = []
    for (let times = 0; times < 10; times += 1) stages.push((await attempt()).stage)
    expect(stages).toEqual(Array.from({ length: 5 }, () => ['answered', 'address']).flat())
    expect(honest.connections).toBe(5)
    expectUnreached(canary)
  })

  it('gains nothing where many attempts run at once', async () => {
    const { canary, attempt } = await setUp((_, before) => [before % 2 === 0 ? permitted : forbidden])
    const results = await Promise.all(Array.from({ length: 30 }, () => attempt()))
    for (const result of results) expect(['answered', 'address']).toContain(result.stage)
    expectUnreached(canary)
  })
})

describe('a name with several addresses', () => {
  it.each([
    ['the forbidden one last', [permitted, forbidden]],
    ['the forbidden one first', [forbidden, permitted]],
    ['the forbidden one over IPv6', [permitted, '::1']],
    ['one that is mapped', [permitted, '::ffff:127.0.0.1']],
    ['one that goes through NAT64', [permitted, '64:ff9b::7f00:1']],
    ['one of a metadata service', [permitted, '169.254.169.254']],
  ])('is refused as a whole: %s', async (_, addresses) => {
    const { honest, canary, attempt } = await setUp(() => addresses)
    expect((await attempt()).stage).toBe('address')
    expect(honest.connections).toBe(0)
    expectUnreached(canary)
  })

  it('is not taken to a forbidden one by a permitted one that refuses the connection', async () => {
    // nobody listens on the first
    const { canary, honest, attempt } = await setUp(() => ['127.0.0.3', permitted], {
      policy: createAddressPolicy(['127.0.0.2/31']),
    })
    expect(await attempt()).toMatchObject({ status: 200, response: 'honest' })
    expect(honest.connections).toBe(1)
    expectUnreached(canary)
  })
})

it('gives up a name that has more addresses than anybody needs', async () => {
  // nobody listens but on the last
  const nobody = Array.from({ length: 19 }, (_, last) => `127.0.1.${last + 1}`)
  const { honest, attempt } = await setUp(() => [...nobody, permitted], {
    policy: createAddressPolicy(['127.0.0.2/31', '127.0.1.0/24']),
  })
  expect(await attempt()).toEqual({ stage: 'connection', code: 'ECONNREFUSED' })
  expect(honest.connections).toBe(0)
})

it('says so when the name does not exist', async () => {
  const { attempt } = await setUp(() => null)
  expect(await attempt()).toEqual({ stage: 'name', code: 'ENOTFOUND' })
})

it('says so when the name has no address', async () => {
  const { attempt } = await setUp(() => [])
  expect(await attempt()).toEqual({ stage: 'name', code: 'ENODATA' })
})
