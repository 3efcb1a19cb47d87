import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { follow } from '../../web/sign-page/follow.js'

/** A socket whose server is the test. */
class ScriptedSocket {
  static opened: ScriptedSocket[] = []
  static get last(): ScriptedSocket {
    return this.opened.at(-1)!
  }

  readonly url: string
  readonly sent: string[] = []
  isClosed = false
  onopen?: () => void
  onmessage?: (event: { data: string }) => void
  onclose?: (event: { code: number }) => void

  constructor(url: string) {
    this.url = url
    ScriptedSocket.opened.push(this)
  }
  send(text: string): void {
    this.sent.push(text)
  }
  close(): void {
    this.isClosed = true
  }
  says(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) })
  }
}

const heard: unknown[] = []
const connected: boolean[] = []
const start = () =>
  follow({
    url: 'wss://sign.test/sign/1',
    onMessage: (message: unknown) => heard.push(message),
    onConnected: (is: boolean) => connected.push(is),
  })
const count = (): number => ScriptedSocket.opened.length

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', ScriptedSocket)
  vi.spyOn(Math, 'random').mockReturnValue(1)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  ScriptedSocket.opened = []
  heard.length = connected.length = 0
})

describe('following a status socket', () => {
  it('says first that it is a page, and passes on what it hears', () => {
    start()
    ScriptedSocket.last.onopen?.()
    ScriptedSocket.last.says({ message: 'Welcome' })
    ScriptedSocket.last.onmessage?.({ data: 'no JSON' })
    expect(ScriptedSocket.last).toMatchObject({ url: 'wss://sign.test/sign/1', sent: ['{"page":true}'] })
    expect(heard).toEqual([{ message: 'Welcome' }, {}])
    expect(connected).toEqual([true, true])
  })

  it('comes back after every code but 1000, each time after twice the wait, up to half a minute', () => {
    start()
    const waits = [1012, 1006, 1013, 1001, 1006, 1006, 1006].map((code) => {
      const before = Date.now()
      const sockets = count()
      ScriptedSocket.last.onclose?.({ code })
      while (count() === sockets) vi.advanceTimersByTime(500)
      return Date.now() - before
    })
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
    expect(connected).toEqual(waits.map(() => false))
  })

  it('begins with a short wait again once it was connected', () => {
    start()
    for (const wait of [1000, 2000]) {
      ScriptedSocket.last.onclose?.({ code: 1006 })
      vi.advanceTimersByTime(wait)
    }
    ScriptedSocket.last.says({})
    ScriptedSocket.last.onclose?.({ code: 1006 })
    vi.advanceTimersByTime(1000)
    expect(count()).toBe(4)
  })

  it('does not come back after 1000', () => {
    const following = start()
    ScriptedSocket.last.onclose?.({ code: 1000 })
    following.hurry()
    vi.advanceTimersByTime(120_000)
    expect(count()).toBe(1)
  })

  it('leaves a socket that fell silent, and hears no more of it', () => {
    start()
    const silent = ScriptedSocket.last
    silent.says({})
    vi.advanceTimersByTime(39_000)
    silent.says({})
    vi.advanceTimersByTime(39_000)
    expect(silent.isClosed).toBe(false)
    vi.advanceTimersByTime(2000)
    expect([silent.isClosed, count()]).toEqual([true, 2])
    silent.says({ opened: true })
    silent.onclose?.({ code: 1006 })
    expect([heard, count()]).toEqual([[{}, {}], 2])
  })

  it('hurries back when the person does, unless it is connected and alive', () => {
    const following = start()
    following.hurry()
    expect(count()).toBe(1)
    ScriptedSocket.last.onclose?.({ code: 1006 })
    following.hurry()
    expect(count()).toBe(2)
    vi.advanceTimersByTime(25_000)
    following.hurry()
    expect(count()).toBe(3)
    expect(ScriptedSocket.opened[1]?.isClosed).toBe(true)
  })

  it('ends when it is told to', () => {
    const following = start()
    following.stop()
    ScriptedSocket.last.onclose?.({ code: 1006 })
    vi.advanceTimersByTime(120_000)
    expect([ScriptedSocket.last.isClosed, count()]).toEqual([true, 1])
  })
})
