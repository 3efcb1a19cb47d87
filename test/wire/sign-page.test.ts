import fastify, { type FastifyInstance, type InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Application } from '../../src/application/application.ts'
import { serverOptions } from '../../src/http/server-options.ts'
import { cancel, open, reject, sign } from '../../src/payload/lifecycle.ts'
import type { Payload } from '../../src/payload/payload.ts'
import { signPage } from '../../src/sign-page/sign-page.ts'
import { anApplication } from '../application-fixture.ts'
import { aContext, anActor, aPayload, aSignature, signingDetails } from '../payload-fixture.ts'

const id = '8a7c1b5e-5a0e-4f0e-9d3b-0123456789ab'
const unknown = '00000000-0000-4000-8000-000000000000'
const now = 3_000

const asked = (json: Payload['request']['template']['json'], changes: Partial<Payload['request']> = {}): Payload => {
  const payload = aPayload()
  const template = { ...payload.request.template, transactionType: json['TransactionType'] as string, json }
  return { ...payload, request: { ...payload.request, template, ...changes } }
}
const worked = (next: ReturnType<typeof open>): Payload => {
  if ('refused' in next) throw new Error(next.refused)
  return next
}

/** What the pages are shown; each test puts its own there. */
let payload: Payload | null | Error = aPayload()
let application: Partial<Application> = {}
let app: FastifyInstance

const start = async (options: Partial<Parameters<typeof signPage>[1]> = {}): Promise<FastifyInstance> => {
  const server = fastify(serverOptions)
  await server.register(signPage, {
    payloads: {
      peek: async (asked) => {
        if (payload instanceof Error) throw payload
        return payload?.id === asked ? { payload, now } : null
      },
    },
    applications: {
      find: async (id) => anApplication({ id, ...application }),
    },
    publicUrl: () => 'https://sign.test',
    deepLink: 'xumm://{host}/sign/{id}/deeplink',
    frameAncestors: "'none'",
    ...options,
  })
  return server
}

beforeAll(async () => {
  app = await start()
})
afterAll(() => app.close())

const get = (url: string, options: InjectOptions = {}) => app.inject({ url, ...options })
const page = async (shown: Payload, url = `/sign/${id}`): Promise<string> => {
  payload = shown
  return (await get(url)).body
}

describe('the sign page', () => {
  it('says who asks for what, shows the code as a drawing, and links to the wallet', async () => {
    const body = await page(asked({ TransactionType: 'Payment', Amount: '1500000' }))
    expect(body).toContain('<bdi>Shop</bdi> asks for your signature')
    expect(body).toContain('<h1><bdi>Payment</bdi></h1>')
    expect(body).toContain('1.5 XRP')
    expect(body).toMatch(/<svg [^>]*viewBox="0 0 \d+ \d+"[^>]*>.*<path/)
    expect(body).toContain(`<a href="xumm://sign.test/sign/${id}/deeplink">`)
    expect(body).toContain(`data-socket="wss://sign.test/sign/${id}"`)
    expect(body).toContain('data-seconds-left="57"')
  })

  it('is the same for the id in upper case', async () => {
    payload = aPayload()
    expect((await get(`/sign/${id.toUpperCase()}`)).body).toBe((await get(`/sign/${id}`)).body)
  })

  it('is kept by nobody and answers HEAD', async () => {
    payload = aPayload()
    const response = await get(`/sign/${id}`, { method: 'HEAD' })
    expect(response.statusCode).toBe(200)
    expect(response.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' })
    expect(response.body).toBe('')
  })

  it('opens the wallet by itself, but not where the code was asked for', async () => {
    expect(await page(aPayload())).toContain(`data-wallet="xumm://sign.test/sign/${id}/deeplink"`)
    expect(await page(aPayload(), `/sign/${id}/qr`)).toContain('data-wallet=""')
  })

  it('tells what became of a request, with a way back and nothing to scan', async () => {
    const request = aPayload({ customMeta: { identifier: 'order-1', blob: { cart: 'ref-77' }, instruction: null } })
    const opened = worked(
      open(
        { ...request, request: { ...request.request, returnUrl: { app: null, web: 'https://shop.test/?tx={txid}' } } },
        anActor('ann'),
        1_000,
      ),
    )
    const signed = await page(worked(sign(opened, anActor('ann'), aSignature, signingDetails, aContext, 2_000)))
    expect(signed).toContain('data-standing="signed"')
    expect(signed).toContain('<a data-onward href="https://shop.test/?tx=CD">Continue to shop.test</a>')
    expect(signed).not.toContain('<svg')
    // what is between the application and its user stays there
    expect(signed).not.toMatch(/order-1|ref-77/)

    const rejected = reject(opened, anActor('ann'), { initiator: 'USER', reason: 'private' }, aContext, 2_000)
    expect(await page(worked(rejected))).toContain('Declined: nothing was signed')
    expect(await page(worked(rejected))).not.toContain('private')
    expect(await page(aPayload({ expiresAt: 2_000 }))).toContain('Expired: it was not opened in time')
    expect(await page(cancel(aPayload(), 2_000).payload)).toContain('Withdrawn by the application')
  })

  it('never links to a return URL that runs something', async () => {
    const opened = worked(
      open(
        asked({ TransactionType: 'SignIn' }, { returnUrl: { app: null, web: 'javascript:alert(1)' } }),
        anActor('ann'),
        1,
      ),
    )
    const rejected = worked(reject(opened, anActor('ann'), { initiator: null, reason: null }, aContext, 2))
    expect(await page(rejected)).not.toContain('javascript:')
  })

  it('shows whatever an application writes as text', async () => {
    const hostile = `"'><script>alert(1)</script>\u202e\u2028`
    application = { name: hostile, iconUrl: `https://shop.test/${hostile}` }
    const body = await page({
      ...asked(
        { TransactionType: hostile, Amount: hostile, [hostile]: [hostile] },
        { forceNetwork: hostile, signers: [hostile] },
      ),
      customMeta: { identifier: null, blob: null, instruction: hostile },
    })
    application = {}
    expect(body.match(/<script/g)).toEqual(['<script'])
    expect(body.match(/&quot;&#39;&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;/g)!.length).toBeGreaterThan(6)
    expect(body).not.toMatch(/[\u202e\u2028]/)
  })
})

describe('the content security policy', () => {
  const policyOf = async (server = app): Promise<string> => {
    payload = aPayload()
    return String((await server.inject(`/sign/${id}`)).headers['content-security-policy'])
  }

  it('allows what the page has and nothing else', async () => {
    expect(await policyOf()).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' wss://sign.test; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
  })

  it('allows the origin of an icon over https, and of no other', async () => {
    application = { iconUrl: 'https://cdn.shop.test/icon.png' }
    expect(await policyOf()).toContain("img-src 'self' https://cdn.shop.test;")
    application = { iconUrl: "https://x;script-src'unsafe-inline'.test/" }
    expect(await policyOf()).toContain("img-src 'self';")
    application = {}
  })

  it('lets those frame the page whom the operator names', async () => {
    const framed = await start({ frameAncestors: 'https://shop.test' })
    expect(await policyOf(framed)).toMatch(/; frame-ancestors https:\/\/shop\.test$/)
    await framed.close()
  })

  it('is on every answer, with no sniffing and no referrer', async () => {
    payload = aPayload()
    const urls = [
      `/sign/${id}`,
      `/sign/${id}_m.png`,
      `/sign/${id}/deeplink`,
      `/sign/${unknown}`,
      '/sign/assets/x/icon.svg',
    ]
    for (const url of urls) {
      const { headers } = await get(url)
      expect(headers['content-security-policy'], url).toMatch(/^default-src 'none'/)
      expect(headers, url).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
    }
  })
})

describe('the QR code', () => {
  it.each([
    ['_m.png', 'image/png'],
    ['_q.svg', 'image/svg+xml'],
    ['_h.json', 'application/json; charset=utf-8'],
    ['.png', 'image/png'],
  ])('%s can be embedded anywhere and kept', async (ending, type) => {
    payload = aPayload()
    const response = await get(`/sign/${id}${ending}`)
    expect(response.statusCode).toBe(200)
    expect(response.headers).toMatchObject({
      'content-type': type,
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, max-age=86400',
    })
  })

  it('is there long after the request is over', async () => {
    payload = aPayload({ expiresAt: 1 })
    expect((await get(`/sign/${id}_q.png`)).statusCode).toBe(200)
  })

  it('of an unknown request is not found, in JSON where JSON was asked for', async () => {
    payload = aPayload()
    const picture = await get(`/sign/${unknown}_q.png`)
    expect([picture.statusCode, picture.headers['cache-control']]).toEqual([404, 'no-store'])
    const json = await get(`/sign/${unknown}_q.json`)
    expect([json.statusCode, json.headers['access-control-allow-origin']]).toEqual([404, '*'])
    expect(json.json()).toMatchObject({ error: { code: 404 } })
  })
})

describe('the deep link', () => {
  it('goes to the wallet', async () => {
    payload = aPayload()
    const response = await get(`/sign/${id}/deeplink`)
    expect([response.statusCode, response.headers.location]).toEqual([302, `xumm://sign.test/sign/${id}/deeplink`])
  })

  it('goes there for who opened in time, however late it is', async () => {
    payload = worked(open(aPayload({ expiresAt: 2_000 }), anActor('ann'), 1_000))
    expect((await get(`/sign/${id}/deeplink`)).headers.location).toMatch(/^xumm:/)
  })

  it('goes to the page when there is nothing left to sign', async () => {
    payload = aPayload({ expiresAt: 2_000 })
    expect((await get(`/sign/${id}/deeplink`)).headers.location).toBe(`https://sign.test/sign/${id}`)
  })
})

describe('what is not there', () => {
  it.each([
    '',
    '/',
    '/x',
    `/${unknown}`,
    `/${unknown}/qr`,
    `/${unknown}/deeplink`,
    `/${id}/x`,
    `/${id}_x.png`,
    '/x/qr',
    '/assets/1/secrets',
  ])('answers /sign%s with a page that says so', async (path) => {
    payload = aPayload()
    const response = await get(`/sign${path}`)
    expect(response.statusCode).toBe(404)
    expect(response.body).toContain('<h1>No such sign request</h1>')
  })
})

it('says that a fault is ours, and nothing about it', async () => {
  payload = new Error('database password is hunter2')
  const response = await get(`/sign/${id}`)
  expect(response.statusCode).toBe(500)
  expect(response.body).toContain('<h1>Something went wrong</h1>')
  expect(response.body).not.toContain('hunter2')
})

describe('assets', () => {
  it('are found from the page, may be kept for good, and are small', async () => {
    const body = await page(aPayload())
    const links = [...body.matchAll(/(?:href|src)="(\/sign\/assets\/[^"]+)"/g)].map(([, link]) => link!)
    expect(links.map((link) => link.split('/').pop())).toEqual(['icon.svg', 'sign-page.css', 'sign-page.js'])
    let size = body.length
    for (const link of [
      ...links,
      links[2]!.replace('sign-page', 'follow'),
      links[2]!.replace('sign-page', 'standing'),
    ]) {
      const response = await get(link)
      expect(response.statusCode).toBe(200)
      expect(response.headers['cache-control']).toBe('public, max-age=31536000, immutable')
      size += response.body.length
    }
    expect(size).toBeLessThan(40_000)
  })

  it('of another version are those of this one, not to be kept', async () => {
    const response = await get('/sign/assets/0123456789ab/sign-page.js')
    expect([response.statusCode, response.headers['cache-control']]).toEqual([200, 'no-store'])
  })

  it('are below the path of the public URL', async () => {
    const below = await start({ publicUrl: () => 'https://shop.test/wallet' })
    payload = aPayload()
    const { body } = await below.inject(`/sign/${id}`)
    expect(body).toContain('src="/wallet/sign/assets/')
    expect(body).toContain(`data-socket="wss://shop.test/wallet/sign/${id}"`)
    await below.close()
  })
})
