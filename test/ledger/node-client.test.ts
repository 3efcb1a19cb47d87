import { afterEach, describe, expect, it } from 'vitest'
import { NodeClient, type NodeClientOptions } from '../../src/ledger/node-client.ts'
import { startScriptedNode, type ScriptedNode, type ScriptedNodeOptions } from '../ledger-node.ts'

const started: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of started.splice(0).reverse()) await one.close()
})

const account = 'rG31cLyErnqeVj2eomEjBZtq7PYaupGYzL'

const startNode = async (options: ScriptedNodeOptions = {}): Promise<ScriptedNode> => {
  const node = await startScriptedNode({ accounts: { [account]: { sequence: 7 } }, ...options })
  started.push(node)
  return node
}

const clientOf = (url: string, options: NodeClientOptions = {}): NodeClient => {
  const client = new NodeClient(url, options)
  started.push(client)
  return client
}

const ask = (client: NodeClient) => client.request('account_info', { account, ledger_index: 'validated' })

describe('the connection to a ledger node', () => {
  it('is opened by the first request and used for all of them', async () => {
    const node = await startNode()
    const client = clientOf(node.url)
    expect(node.connections).toBe(0)
    const answers = await Promise.all([ask(client), ask(client), client.request('ledger_current')])
    expect(answers[0]).toMatchObject({ answer: 'result', result: { account_data: { Account: account, Sequence: 7 } } })
    expect(answers[2]).toEqual({ answer: 'result', result: { ledger_current_index: 90_000_001 } })
    expect(node.connections).toBe(1)
    expect(node.requests.map((request) => request['id'])).toEqual([1, 2, 3])
  })

  it("passes the node's own word for an error on", async () => {
    const node = await startNode({ accounts: {} })
    expect(await ask(clientOf(node.url))).toEqual({ answer: 'error', error: 'actNotFound' })
  })

  it('gives each request the answer that is its own, in whatever order they come', async () => {
    const node = await startNode()
    const client = clientOf(node.url)
    node.behaviour = 'hold'
    const first = ask(client)
    await until(() => node.requests.length === 1)
    node.behaviour = 'answer'
    expect(await client.request('ledger_current')).toMatchObject({ answer: 'result' })
    node.release()
    expect(await first).toMatchObject({ answer: 'result', result: { account_data: { Account: account } } })
  })

  it('answers none when the node does not, and takes a later answer for nothing', async () => {
    const node = await startNode()
    const client = clientOf(node.url, { timeLimit: 300, firstWait: 0 })
    node.behaviour = 'hold'
    expect(await ask(client)).toEqual({ answer: 'none', why: 'no answer within 0.3 s' })
    node.behaviour = 'answer'
    node.release()
    expect(await ask(client)).toMatchObject({ answer: 'result' })
  })

  it('is given up when it stays silent, and opened anew', async () => {
    const node = await startNode()
    const client = clientOf(node.url, { timeLimit: 300, firstWait: 0 })
    node.behaviour = 'hold'
    await ask(client)
    await until(() => node.connections === 1 && node.requests.length === 1)
    node.behaviour = 'answer'
    expect(await ask(client)).toMatchObject({ answer: 'result' })
    expect(node.connections).toBe(2)
  })

  it('answers none to what was under way when it broke, and is there again for the next request', async () => {
    const node = await startNode()
    const client = clientOf(node.url)
    expect(await ask(client)).toMatchObject({ answer: 'result' })
    node.behaviour = 'drop'
    expect(await Promise.all([ask(client), ask(client)])).toEqual([
      { answer: 'none', why: 'the connection to the node was lost' },
      { answer: 'none', why: 'the connection to the node was lost' },
    ])
    node.behaviour = 'answer'
    expect(await ask(client)).toMatchObject({ answer: 'result' })
  })

  it('leaves a node alone that cannot be reached, longer each time up to a limit', async () => {
    const node = await startNode()
    const port = Number(new URL(node.url).port)
    await node.close()
    started.length = 0
    let now = 1_000
    const client = clientOf(node.url, { clock: { now: () => now }, firstWait: 100, longestWait: 150 })
    const lost = { answer: 'none', why: 'the connection to the node was lost' }
    const alone = { answer: 'none', why: 'the node could not be reached a moment ago' }
    expect(await ask(client)).toEqual(lost)
    now += 99
    expect(await ask(client)).toEqual(alone)
    now += 1
    expect(await ask(client)).toEqual(lost)
    now += 149
    expect(await ask(client)).toEqual(alone)
    now += 1
    await startNode({ port })
    expect(await ask(client)).toMatchObject({ answer: 'result' })
  })

  it('is ended by a message over the limit, by one that is no JSON and by a binary one', async () => {
    const node = await startNode()
    const client = clientOf(node.url, { maxMessageBytes: 1_000 })
    for (const odd of [JSON.stringify({ id: 1, filler: 'x'.repeat(1_000) }), 'hello', '[]', Buffer.from('{}')]) {
      expect(await ask(client)).toMatchObject({ answer: 'result' })
      node.behaviour = 'hold'
      const waiting = ask(client)
      node.say(odd)
      expect(await waiting).toMatchObject({ answer: 'none' })
      node.behaviour = 'answer'
    }
  })

  it('takes no more requests than it may have waiting', async () => {
    const node = await startNode()
    const client = clientOf(node.url, { maxOutstanding: 2 })
    node.behaviour = 'hold'
    const waiting = [ask(client), ask(client)]
    expect(await ask(client)).toEqual({ answer: 'none', why: 'too many requests wait for an answer' })
    await until(() => node.requests.length === 2)
    node.release()
    expect(await Promise.all(waiting)).toMatchObject([{ answer: 'result' }, { answer: 'result' }])
  })

  it('answers none to everything once it is closed, also while it is being opened', async () => {
    const node = await startNode()
    const client = clientOf(node.url)
    const opening = ask(client)
    client.close()
    const closed = { answer: 'none', why: 'the connection was closed by its owner' }
    expect(await opening).toEqual(closed)
    expect(await ask(client)).toEqual(closed)
    client.close()
  })
})

/** Polls for something that another process or socket is about to do; fails by the test's own limit. */
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2))
}
