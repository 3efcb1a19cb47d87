import { describe, expect, it } from 'vitest'
import { standings } from '../../src/sign-page/standing.ts'
import { english } from '../../src/sign-page/words.ts'
import { hear, isResolved, type View } from '../../web/sign-page/standing.js'

const waiting: View = { standing: 'waiting', deadline: 60_000, returnUrl: null }
const resolved = (signed: boolean, web: string | null = 'https://shop.test/') => ({
  signed,
  return_url: { app: null, web },
})

/** Where a page that loaded as `view` stands after these messages. */
const after = (messages: Record<string, unknown>[], view = waiting, now = 10_000): View =>
  messages.reduce<View>((heard, message) => hear(heard, message, now), view)

describe('the standing that the page shows', () => {
  it('follows the wallet', () => {
    const messages = [{ opened: true }, { pre_signed: true }, { dispatched: true }, resolved(true)]
    const shown = messages.map((_, index) => after(messages.slice(0, index + 1)).standing)
    expect(shown).toEqual(['opened', 'signing', 'submitted', 'signed'])
    expect(after([{ opened: true }, resolved(false)]).standing).toBe('rejected')
  })

  it('never goes back, whatever a reconnect repeats', () => {
    expect(after([{ pre_signed: true }, { expires_in_seconds: 40 }, { opened: true }]).standing).toBe('signing')
    expect(after([resolved(true), { opened: true }, { expired: true }, resolved(false)]).standing).toBe('signed')
  })

  it('tells an expiry from a withdrawal by the time', () => {
    expect(after([{ expired: true }], waiting, 59_000).standing).toBe('expired')
    expect(after([{ expired: true }], waiting, 20_000).standing).toBe('cancelled')
    expect(after([{ expires_in_seconds: 1 }, { expired: true }], waiting, 20_000).standing).toBe('expired')
  })

  it('lets who opened in time sign late', () => {
    expect(after([{ opened: true }, { expired: true }], waiting, 60_000).standing).toBe('opened')
    expect(after([{ expired: true }, { opened: true }, resolved(true)], waiting, 60_000).standing).toBe('signed')
  })

  it('goes on to where the resolution says, if that is on the web', () => {
    expect(after([resolved(true)]).returnUrl).toBe('https://shop.test/')
    for (const url of ['javascript:alert(1)', 'data:text/html,x', 'shop://back', 'nonsense', null]) {
      expect(after([resolved(true, url)]).returnUrl).toBeNull()
    }
    expect(after([{ signed: true }]).returnUrl).toBeNull()
  })

  it.each([
    [{}],
    [{ message: 'Welcome' }],
    [{ devapp_fetched: true }],
    [{ opened: 'yes' }],
    [{ expires_in_seconds: -5 }],
  ])('is not moved by %j', (message) => {
    expect(after([message])).toEqual(waiting)
  })
})

it('has words for each standing, and knows which ones are final', () => {
  expect(Object.keys(english.standing)).toEqual([...standings])
  expect(standings.filter((standing) => isResolved(standing))).toEqual(['signed', 'rejected'])
})
