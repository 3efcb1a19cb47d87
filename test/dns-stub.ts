/** A name server of the tests on a UDP port of loopback, which answers what its script says. */
import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { ResolveName } from '../src/webhook/resolve-name.ts'

export interface DnsStub {
  /** Asks this server for IPv4 and then IPv6 addresses. */
  readonly resolve: ResolveName
  /** Questions that came, as `A name` or `AAAA name`. */
  readonly questions: string[]
  close(): Promise<void>
}

type RecordType = 'A' | 'AAAA'

/** From a name and the number of times that it was asked for before to its addresses; null: it does not exist. */
export type DnsScript = (name: string, timesAsked: number) => readonly string[] | null

const recordTypes: Readonly<Record<number, RecordType>> = { 1: 'A', 28: 'AAAA' }

export const startDnsStub = async (script: DnsScript): Promise<DnsStub> => {
  const questions: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    const { name, type, end } = readQuestion(query)
    const question = `${type} ${name}`
    const addresses = script(name, questions.filter((asked) => asked === question).length)
    questions.push(question)
    socket.send(answer(query.subarray(0, end), type, addresses), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')

  const resolver = new Resolver({ timeout: 1_000, tries: 2 })
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  return {
    questions,
    resolve: async (name) => {
      const both = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
      const found = both.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
      const [failure] = both.filter((one) => one.status === 'rejected')
      if (found.length === 0 && failure !== undefined) throw failure.reason
      return found
    },
    close: async () => {
      resolver.cancel()
      socket.close()
      await once(socket, 'close')
    },
  }
}

/** The one question of a query: header of 12 bytes, labels, type, class. Source: RFC 1035, section 4.1. */
const readQuestion = (query: Buffer): { name: string; type: RecordType; end: number } => {
  const labels: string[] = []
  let at = 12
  while (query[at] !== 0) {
    const length = query[at]!
    labels.push(query.toString('ascii', at + 1, at + 1 + length))
    at += length + 1
  }
  const type = recordTypes[query.readUInt16BE(at + 1)]
  if (type === undefined) throw new Error('a question that no test asks')
  return { name: labels.join('.').toLowerCase(), type, end: at + 5 }
}

const answer = (query: Buffer, type: RecordType, addresses: readonly string[] | null): Buffer => {
  const records = (addresses ?? []).filter((address) => isIPv4(address) === (type === 'A')).map(record)
  const head = Buffer.from(query)
  // an authoritative answer; 3: no such name
  head.writeUInt16BE(addresses === null ? 0x8403 : 0x8400, 2)
  head.writeUInt16BE(records.length, 6)
  head.writeUInt32BE(0, 8)
  return Buffer.concat([head, ...records])
}

/** Of the name in the question (a pointer to byte 12), valid for no time at all. */
const record = (address: string): Buffer => {
  const bytes = Buffer.from(ipaddr.parse(address).toByteArray())
  const fixed = Buffer.from([0xc0, 12, 0, bytes.length === 4 ? 1 : 28, 0, 1, 0, 0, 0, 0, 0, bytes.length])
  return Buffer.concat([fixed, bytes])
}
