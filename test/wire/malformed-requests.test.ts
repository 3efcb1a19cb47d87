import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../src/json.ts'
import { databases } from '../databases.ts'
import { connectClient } from '../live-server.ts'
import { anyDamage } from '../malformed/any-damage.ts'
import { breachOf } from '../malformed/answer-shape.ts'
import { withJson } from '../malformed/damage-to-bodies.ts'
import { placesIn, replaceAt, spoilAt, type Place } from '../malformed/json-places.ts'
import { oneOfEach } from '../malformed/nasty-values.ts'
import { describeRequest, sendRaw, type RawRequest } from '../malformed/raw-http.ts'
import { bodyFor, validRequest, type Asked } from '../malformed/valid-requests.ts'
import { startWorld, type Route, type World } from '../malformed/world.ts'

// thousands of requests
const timeout = 120_000

describe.each(databases)('malformed requests, on $name,', { timeout }, (database) => {
  let world: World
  let refused = 0

  beforeAll(async () => {
    world = await startWorld(database)
  })
  afterAll(() => world.close())

  /** The answer's code, or its status without one, once it is an answer that the contract allows. */
  const send = async (asked: Asked): Promise<number> => {
    const request = rawOf(asked)
    const answer = await sendRaw(world.port, request)
    const breach = breachOf(request, answer)
    if (breach !== null) throw new Error(`${breach}: ${answer.status} ${answer.body}\n${describeRequest(request)}`)
    if (answer.status >= 400) refused += 1
    return Number(/"code":(\d+)/.exec(answer.body)?.[1] ?? answer.status)
  }
  const sendBody = async (route: Route, body: Json): Promise<number> =>
    send(withJson(await validRequest(world, route), body))

  /** Every value in the body of every route that takes one; those of one body at a time. */
  const eachPlace = async (visit: (route: Route, body: Json, place: Place) => Promise<void>): Promise<void> => {
    for (const route of world.routes) {
      const places = placesIn(bodyFor(route) ?? null)
      if (bodyFor(route) === undefined) continue
      await Promise.all(places.map((place) => visit(route, bodyFor(route)!, place)))
    }
  }

  it('get an answer of the contract, whatever is done to a request of whichever route', async () => {
    for (const route of world.routes) {
      const property = fc.asyncProperty(anyDamage, async (damages) => {
        await send(damages.reduce((request, { apply }) => apply(request), await validRequest(world, route)))
      })
      await fc.assert(property, { numRuns: 10 })
    }
  })

  it('get an answer of the contract with any kind of value in any place of a body', async () => {
    await eachPlace(async (route, body, place) => {
      for (const value of oneOfEach) await sendBody(route, replaceAt(body, place, () => value) ?? null)
    })
  })

  it('are refused with U+0000 or half a surrogate pair in any text of a body, key or value, ignored or not', async () => {
    await eachPlace(async (route, body, place) => {
      const allowed = codesOfUnsoundText(route, place)
      for (const spoiled of ['\0', '\ud800'].flatMap((text) => spoilAt(body, place, text))) {
        const code = await sendBody(route, spoiled)
        expect(allowed, `${code} for ${JSON.stringify(spoiled)} at ${route.url}`).toContain(code)
      }
    })
  })

  it('leave everything as it was: a request is created, opened and rejected, and a subscriber hears of it', async () => {
    const { application, server, wallet } = world
    const developer = { 'x-api-key': application.apiKey, 'x-api-secret': application.apiSecret }
    const ask = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
      const response = await fetch(`${server.url}/api/v1/${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: response.status, body: (await response.json()) as any }
    }
    const bearer = () => ({ authorization: wallet.bearer() })

    const created = await ask('POST', 'platform/payload', developer, { txjson: { TransactionType: 'SignIn' } })
    const { uuid, refs } = created.body
    const subscriber = connectClient(refs.websocket_status)
    await subscriber.received(2)
    expect(await ask('GET', `app/payload/${uuid}?from=QR`, bearer())).toMatchObject({ status: 200 })
    expect(await ask('PATCH', `app/payload/${uuid}`, bearer(), { reject: true })).toMatchObject({ status: 200 })
    expect(await ask('GET', `platform/payload/${uuid}`, developer)).toMatchObject({
      status: 200,
      body: { meta: { resolved: true, signed: false, app_opened: true }, response: { txid: null } },
    })
    expect(await subscriber.received(5)).toMatchObject([
      { message: `Welcome ${uuid}` },
      { expires_in_seconds: 86_400 },
      { opened: true },
      { payload_uuidv4: uuid, signed: false },
      { devapp_fetched: true },
    ])
    subscriber.socket.close()
  })

  it('were more than a thousand that were refused, and none met a fault of ours', () => {
    expect(refused).toBeGreaterThan(1000)
    expect(faultsIn(world.logged)).toEqual([])
  })

  it('leave no secret in the log, and neither do faults', async () => {
    const requests: RawRequest[] = []
    for (const route of world.routes) requests.push(rawOf(await validRequest(world, route)))
    await world.server.server.foundation.database.write(async ({ schema }) => {
      for (const table of ['payloads', 'devices', 'user_tokens', 'application_data'] as const) {
        await schema.alterTable(table).renameTo(`${table}_gone`).execute()
      }
    })
    for (const request of requests) await sendRaw(world.port, request)

    expect(faultsIn(world.logged).length).toBeGreaterThan(20)
    const log = world.logged.join('')
    expect([...world.secrets].filter((secret) => log.includes(secret))).toEqual([])
  })
})

const rawOf = ({ path, query, ...rest }: Asked): RawRequest => ({ ...rest, target: `${path.join('/')}${query}` })

const faultsIn = (logged: readonly string[]): string[] =>
  logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)

/** Each API has its own; a template that is called otherwise is none (600). */
const codesOfUnsoundText = ({ url }: Route, place: Place): number[] => {
  if (url.startsWith('/api/v1/app/')) return [599, 800, 900]
  return place[0] === 'txjson' ? [603, 600] : [606]
}
