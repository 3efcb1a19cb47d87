import { describe, expect, it } from 'vitest'
import { FakeSocket } from '../../test/fake-socket.ts'
import { FakeTime } from '../../test/fake-time.ts'
import { AddressCounts } from './address-counts.ts'
import { expired, expiresIn, keepalive } from './frames.ts'
import { defaultLiveSettings } from './live-settings.ts'
import { noStats } from './live-stats.ts'
import { Subscriber, type SubscriberHome } from './subscriber.ts'

const rightBack = { message: 'Right back at you!' }

const aSubscriber = () => {
  const time = new FakeTime()
  const stats = noStats()
  const addresses = new AddressCounts()
  const socket = new FakeSocket()
  const log: string[] = []
  const home: SubscriberHome = {
    context: {
      settings: defaultLiveSettings,
      stats,
      timers: time,
      addresses,
      onSocketGone: () => log.push('socket gone'),
    },
    keepaliveFrame: () => keepalive(7),
    noticePage: () => log.push('page'),
    remove: () => log.push('removed'),
  }
  return { time, stats, addresses, socket, log, subscriber: new Subscriber(socket, 'an address', home) }
}

const welcomed = () => {
  const made = aSubscriber()
  made.subscriber.welcome(expiresIn(60), 1)
  return made
}

describe('a subscriber', () => {
  it('hears nothing before its welcome, and then what waited for it', () => {
    const { socket, subscriber } = aSubscriber()
    socket.say('early')
    subscriber.tellFetched()
    subscriber.tell(expired, 1)
    expect(socket.told).toEqual([])
    subscriber.welcome(expiresIn(60), 1)
    expect(socket.told).toEqual([{ expires_in_seconds: 60 }, rightBack, { devapp_fetched: true }])
  })

  it('answers whatever the client says with the very same bytes', () => {
    const { socket, stats } = welcomed()
    socket.say('{"ping":true}')
    socket.say('{')
    expect(socket.told.slice(1)).toEqual([rightBack, rightBack])
    expect(socket.frames[1]).toBe(socket.frames[2])
    expect(stats.framesSent).toBe(3)
  })

  it.each(['{"page":true}', ' { "page" : true }\n'])('is a page when its first message is %j', (text) => {
    const { socket, subscriber } = welcomed()
    socket.say(text)
    expect(subscriber.isPage).toBe(true)
    socket.say('{"ping":true}')
    expect(subscriber.isPage).toBe(true)
    expect(socket.told.slice(1)).toEqual([rightBack, rightBack])
  })

  it.each(['{"page":false}', '{"ping":true}', '', `{"page":true}${' '.repeat(60)}`])(
    'is no page when its first message is %j',
    (text) => {
      const { socket, subscriber } = welcomed()
      socket.say(text)
      socket.say('{"page":true}')
      expect(subscriber.isPage).toBe(false)
    },
  )

  it('is closed with 1008 when it sends more than 20 messages a second, and not a message later', () => {
    const { socket, stats, log, time } = welcomed()
    for (let n = 0; n < 200; n++) {
      socket.say('x')
      time.pass(50)
    }
    expect(socket.closedWith).toBeNull()
    for (let n = 0; n < 50; n++) socket.say('x')
    expect(socket.closedWith).toBe(1008)
    expect(stats.tooManyMessages).toBe(1)
    expect(log).toEqual(['removed'])
    expect(socket.told.length).toBeLessThanOrEqual(1 + 200 + 41)
  })

  it.each(['onPing', 'onPong'] as const)('counts %s as a message', (event) => {
    const { socket } = welcomed()
    for (let n = 0; n < 41; n++) socket.listener[event]()
    expect(socket.closedWith).toBe(1008)
  })

  it('is cut off when more than 64 KiB wait for it', () => {
    const { socket, subscriber, stats, log } = welcomed()
    socket.bufferedAmount = 64 * 1024
    subscriber.tell(expired, 1)
    expect(socket.closedWith).toBeNull()
    socket.bufferedAmount = 64 * 1024 + 1
    subscriber.tell(expired, 1)
    expect(socket.closedWith).toBe('terminated')
    expect(stats).toMatchObject({ slowReaders: 1, framesSent: 2 })
    expect(log).toEqual(['removed'])
  })

  it('is told the seconds left and pinged every round while it answers', () => {
    const { socket, subscriber } = welcomed()
    for (let n = 0; n < 3; n++) subscriber.keepalive()
    const round = [{ expires_in_seconds: 7 }, 'ping']
    expect(socket.everything.slice(1)).toEqual([...round, ...round, ...round])
  })

  it('is cut off when it did not answer a ping by the next round', () => {
    const { socket, subscriber, stats, log } = welcomed()
    socket.answersPings = false
    subscriber.keepalive()
    expect(socket.closedWith).toBeNull()
    subscriber.keepalive()
    expect(socket.closedWith).toBe('terminated')
    expect(stats.halfOpen).toBe(1)
    expect(log).toEqual(['removed'])
  })

  it('counts as there when it says anything at all', () => {
    const { socket, subscriber } = welcomed()
    socket.answersPings = false
    subscriber.keepalive()
    socket.say('{"ping":true}')
    subscriber.keepalive()
    expect(socket.closedWith).toBeNull()
  })

  it.each<[string, (made: ReturnType<typeof welcomed>) => void]>([
    ['its peer goes', () => undefined],
    ['it is closed', ({ subscriber }) => subscriber.close(1012, 'restarting')],
    ['it gives way', ({ subscriber }) => subscriber.close(1013, 'full')],
    ['it says too much', ({ socket }) => Array.from({ length: 50 }, () => socket.say('x'))],
    [
      'it reads too slowly',
      ({ socket, subscriber }) => {
        socket.bufferedAmount = 2 ** 20
        subscriber.tell(expired, 1)
      },
    ],
    [
      'it has gone silently',
      ({ socket, subscriber }) => {
        socket.answersPings = false
        subscriber.keepalive()
        subscriber.keepalive()
      },
    ],
  ])('counts for its address until the connection is gone, when %s', (_, end) => {
    const made = welcomed()
    end(made)
    expect(made.addresses.of('an address')).toBe(1)
    made.socket.vanish()
    expect([made.addresses.of('an address'), made.addresses.size]).toEqual([0, 0])
  })

  it('leaves once, however it ends', () => {
    const { socket, subscriber, stats, log } = welcomed()
    expect(stats.sockets).toBe(1)
    subscriber.close(1012, 'restarting')
    subscriber.close(1013, 'too late')
    subscriber.tell(expired, 1)
    socket.say('still there?')
    expect(log).toEqual(['removed'])
    expect(stats.sockets).toBe(1)
    socket.vanish()
    expect(log).toEqual(['removed', 'socket gone'])
    expect(stats.sockets).toBe(0)
    expect(socket.closedWith).toBe(1012)
    expect(socket.told).toHaveLength(1)
  })
})
