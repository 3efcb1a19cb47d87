import { setImmediate } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { FakeTime } from '../../../test/fake-time.ts'
import { clientFrame } from '../../../test/frames/client-frame.ts'
import { PeerStream } from '../../../test/frames/peer-stream.ts'
import { expired, rightBack } from '../frames.ts'
import { opcodes } from '../opcodes.ts'
import { closeCodes } from '../status-socket.ts'
import { FrameSocket } from './frame-socket.ts'

describe('a connection', () => {
  let peer: PeerStream
  let time: FakeTime
  let socket: FrameSocket
  let heard: string[]

  beforeEach(() => {
    peer = new PeerStream()
    time = new FakeTime()
    heard = []
    socket = new FrameSocket(peer, { messageBytes: 4096, closeTimeout: 3_000, timers: time })
    socket.listener = {
      onMessage: (data) => void heard.push(data.toString()),
      onPing: () => void heard.push('(ping)'),
      onPong: () => void heard.push('(pong)'),
      onClose: () => void heard.push('(gone)'),
    }
  })

  const sends = async (...frames: readonly Buffer[]): Promise<void> => {
    peer.push(Buffer.concat(frames))
    await setImmediate()
  }
  const gone = (): Promise<void> => new Promise((resolve) => peer.once('close', resolve))
  const goodbye = (code: number, reason = ''): Buffer =>
    Buffer.concat([Buffer.from([0x88, 2 + reason.length, code >> 8, code & 0xff]), Buffer.from(reason)])

  it('hears a message in pieces, and what comes between them when it comes', async () => {
    await sends(
      clientFrame(opcodes.text, 'one ', { isFinal: false }),
      clientFrame(opcodes.ping, 'there?'),
      clientFrame(opcodes.continuation, 'and ', { isFinal: false }),
      clientFrame(opcodes.pong),
      clientFrame(opcodes.continuation, '', { isFinal: false }),
      clientFrame(opcodes.continuation, 'the rest'),
      clientFrame(opcodes.binary, 'another'),
    )
    expect(heard).toEqual(['(ping)', '(pong)', 'one and the rest', 'another'])
    expect(peer.written).toEqual(Buffer.from('\x8a\x06there?', 'latin1'))
  })

  it('hears the same when bytes come one by one', async () => {
    const frames = [
      clientFrame(opcodes.text, 'a'.repeat(200)),
      clientFrame(opcodes.text, 'in ', { isFinal: false }),
      clientFrame(opcodes.ping),
      clientFrame(opcodes.continuation, 'pieces'),
    ]
    for (const byte of Buffer.concat(frames)) {
      peer.push(Buffer.from([byte]))
      await setImmediate()
    }
    expect(heard).toEqual(['a'.repeat(200), '(ping)', 'in pieces'])
  })

  it('takes a character that is cut between two pieces', async () => {
    const euro = Buffer.from('€')
    await sends(
      clientFrame(opcodes.text, euro.subarray(0, 1), { isFinal: false }),
      clientFrame(opcodes.continuation, euro.subarray(1)),
    )
    expect(heard).toEqual(['€'])
  })

  it('holds the limit of a message over all of its pieces', async () => {
    await sends(clientFrame(opcodes.text, 'a'.repeat(4000), { isFinal: false }))
    await sends(clientFrame(opcodes.continuation, 'a'.repeat(97)))
    expect(heard).toEqual([])
    expect(peer.written).toEqual(goodbye(1009))
  })

  it('takes a message in 256 pieces, and closes with 1008 at one more', async () => {
    const pieces = (count: number): Buffer[] =>
      Array.from({ length: count }, (_, n) =>
        clientFrame(n === 0 ? opcodes.text : opcodes.continuation, 'a', { isFinal: n === count - 1 }),
      )
    await sends(...pieces(256))
    expect(heard).toEqual(['a'.repeat(256)])
    await sends(...pieces(257))
    expect(heard).toHaveLength(1)
    expect(peer.written).toEqual(goodbye(1008))
  })

  it.each([
    ['without a code', Buffer.alloc(0)],
    ['with a code', Buffer.from([0x03, 0xe8])],
    ['with a code and a reason', Buffer.from('\x03\xe9going away', 'latin1')],
  ])('that the peer closes %s is closed in the same words, and no later byte is read', async (_, payload) => {
    await sends(clientFrame(opcodes.close, payload), clientFrame(opcodes.text, 'too late'))
    await sends(clientFrame(opcodes.ping))
    expect(peer.written).toEqual(Buffer.concat([Buffer.from([0x88, payload.length]), payload]))
    expect(peer.writableEnded).toBe(true)
    expect(heard).toEqual([])
    peer.push(null)
    await gone()
    expect(heard).toEqual(['(gone)'])
  })

  it('that we close ends with the answer of the peer, and tells nothing and answers no ping until then', async () => {
    socket.close(closeCodes.restarting, 'soon back')
    socket.close(closeCodes.fault, 'a second goodbye')
    socket.write(rightBack)
    await sends(clientFrame(opcodes.ping))
    expect(peer.writableEnded).toBe(false)
    await sends(clientFrame(opcodes.close, Buffer.from([0x03, 0xf4])))
    expect(peer.written).toEqual(goodbye(1012, 'soon back'))
    expect(peer.writableEnded).toBe(true)
    expect(heard).toEqual(['(ping)'])
  })

  it('that we close is cut off when the peer does not answer in time', async () => {
    socket.close(closeCodes.restarting, '')
    time.pass(2_999)
    expect(peer.destroyed).toBe(false)
    time.pass(1)
    await gone()
    expect(heard).toEqual(['(gone)'])
  })

  it('is cut off when the peer goes on after its misconduct', async () => {
    await sends(Buffer.from([0xff, 0xff]))
    expect(peer.written).toEqual(goodbye(1002))
    await sends(clientFrame(opcodes.text, 'and another thing'))
    expect([peer.destroyed, heard]).toEqual([false, []])
    time.pass(3_000)
    await gone()
  })

  it('leaves no timer behind when it is gone', async () => {
    socket.close(closeCodes.done, '')
    peer.destroy()
    await gone()
    expect(time.running).toBe(0)
  })

  it('ends when the peer ends its side without a goodbye', async () => {
    peer.push(null)
    await gone()
    socket.write(rightBack)
    socket.close(closeCodes.restarting, '')
    expect(peer.written).toHaveLength(0)
    expect(heard).toEqual(['(gone)'])
  })

  it('is gone when the network fails, and the failure goes no further', async () => {
    peer.destroy(new Error('ECONNRESET'))
    await gone()
    expect(heard).toEqual(['(gone)'])
  })

  it('is cut off at once when told so, in the middle of what was read', async () => {
    socket.listener.onPing = () => socket.terminate()
    await sends(clientFrame(opcodes.ping), clientFrame(opcodes.text, 'behind it'))
    expect(heard).toEqual(['(gone)'])
  })

  it('counts what the peer has not taken yet', () => {
    peer.isStuck = true
    expect(socket.bufferedAmount).toBe(0)
    socket.write(expired)
    socket.write(rightBack)
    expect(socket.bufferedAmount).toBe(expired.length + rightBack.length)
  })
})
