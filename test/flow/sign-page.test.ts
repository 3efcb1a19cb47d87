import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { qrMatrix } from '../../src/sign-page/qr.ts'
import { startTestServer, type TestApplication, type TestServer } from '../../src/testing.ts'
import { follow } from '../../web/sign-page/follow.js'
import { hear, type Standing, type View } from '../../web/sign-page/standing.js'
import { RealWallet } from '../wire/real-wallet.ts'

const address = 'rPdvC6ccq8hCdPKSPJkPmyZ4Mi1oG2FFkT'
const payment = { TransactionType: 'Payment', Destination: address, Amount: '1000000' }

let server: TestServer
let application: TestApplication
let wallet: RealWallet

beforeAll(async () => {
  server = await startTestServer()
  application = await server.createApplication({ name: 'Corner shop' })
  wallet = new RealWallet(async ({ method, path, headers, body }) => {
    const sent = method === 'GET' ? {} : { body }
    const response = await fetch(`${server.url}/api/v1/app/${path}`, { method, headers, ...sent })
    return { status: response.status, body: await response.json(), headers: {} }
  }, 'sEdTM1uX8pu2do5XvTnutH6HsouMaM2')
  await wallet.setUp()
})
afterAll(() => server.close())

const create = async (body: object): Promise<any> => {
  const response = await fetch(`${server.url}/api/v1/platform/payload`, {
    method: 'POST',
    headers: { 'x-api-key': application.apiKey, 'x-api-secret': application.apiSecret },
    body: JSON.stringify(body),
  })
  return response.json()
}

/** The page's own scripts on what the server wrote into the page, as a browser would run them. */
const openPage = async (url: string) => {
  const body = await (await fetch(url)).text()
  const data = (name: string): string => new RegExp(`data-${name}="([^"]*)"`).exec(body)![1]!
  const standing = data('standing') as Standing
  let view: View = { standing, deadline: Date.now() + Number(data('seconds-left')) * 1000, returnUrl: null }
  const shown = [view.standing]
  const following = follow({
    url: data('socket'),
    onConnected: () => undefined,
    onMessage(message: Record<string, unknown>) {
      view = hear(view, message, Date.now())
      if (shown.at(-1) !== view.standing) shown.push(view.standing)
    },
  })
  return { body, shown, stop: following.stop, view: () => view }
}

/** For what a socket brings in its own time. */
const patience = { timeout: 5_000, interval: 10 }

describe('the sign page of a running server', () => {
  it('is where the answer to a create says, and so is its code', async () => {
    const { next, refs } = await create({ txjson: payment })
    const body = await (await fetch(next.always)).text()
    expect(body).toContain('<bdi>Corner shop</bdi>')
    expect(body).toContain(`data-socket="${refs.websocket_status}"`)
    expect((await fetch(`${next.always}/qr`)).status).toBe(200)
    expect((await fetch(refs.qr_png)).headers.get('content-type')).toBe('image/png')
    for (const quality of refs.qr_uri_quality_opts) {
      const matrix = await (await fetch(refs.qr_matrix.replace('_q', `_${quality}`))).json()
      expect(matrix).toEqual({ matrix: qrMatrix(next.always, quality) })
    }
  })

  it('follows a wallet to the signature, and knows where to go on', async () => {
    const web = 'https://shop.test/?tx={txid}'
    const { uuid, next } = await create({ txjson: payment, options: { return_url: { web } } })
    const page = await openPage(next.always)
    const view = await wallet.fetchPayload(uuid, 'QR')
    await wallet.accept(view, 'QR')
    await wallet.settled()
    await vi.waitFor(() => expect(page.view().standing).toBe('signed'), patience)
    page.stop()
    expect(page.shown).toEqual(['waiting', 'opened', 'signing', 'submitted', 'signed'])
    expect(page.view().returnUrl).toMatch(/^https:\/\/shop\.test\/\?tx=[0-9A-F]{64}$/)

    const reopened = await openPage(next.always)
    reopened.stop()
    expect(reopened.body).toContain('Continue to shop.test')
    expect(reopened.shown).toEqual(['signed'])
  })

  it('is the only one to go on while it is there, where both return URLs are the same', async () => {
    const url = 'https://shop.test/thanks'
    const { uuid, next } = await create({ txjson: payment, options: { return_url: { app: url, web: url } } })
    const returnUrlOfWallet = async (): Promise<unknown> => (await wallet.fetchPayload(uuid, 'QR')).meta.return_url_app
    const page = await openPage(next.always)
    await vi.waitFor(async () => expect(await returnUrlOfWallet()).toBeNull(), patience)
    page.stop()
    await vi.waitFor(async () => expect(await returnUrlOfWallet()).toBe(url), patience)
  })
})
