import { expect, it } from 'vitest'
import { aHub, settle, someFacts } from '../../test/live-hub.ts'
import { PagePresence, type PageStore } from './page-presence.ts'

/** Presence over a store that writes down what it is told and answers when the test says so. */
const aPresence = (here: Set<string>) => {
  const written: [readonly string[], readonly string[]][] = []
  const answers: { succeed: () => void; fail: () => void }[] = []
  const faults: unknown[] = []
  const store: PageStore = {
    write: (_node, present, gone) => {
      written.push([present, gone])
      return new Promise((resolve, reject) =>
        answers.push({ succeed: resolve, fail: () => reject(new Error('the database is away')) }),
      )
    },
    isPresent: async (payloadId) => payloadId === 'elsewhere',
    sweep: async () => undefined,
  }
  const presence = new PagePresence({
    store,
    nodeId: 'this node',
    isHere: (payloadId) => here.has(payloadId),
    onFault: (fault) => faults.push(fault),
  })
  const answer = async (how: 'succeed' | 'fail' = 'succeed'): Promise<void> => {
    answers.shift()![how]()
    await settle()
  }
  return { presence, written, answer, faults }
}

it('writes one after the other what came and left, as it is when the write begins', async () => {
  const here = new Set(['a'])
  const { presence, written, answer } = aPresence(here)
  presence.note('a')
  here.add('b')
  presence.note('b')
  here.delete('a')
  presence.note('a')
  await answer()
  await answer()
  expect(written).toEqual([
    [['a'], []],
    [['b'], ['a']],
  ])
  await presence.settled()
})

it('keeps alive what it has told, and makes up for a write that failed', async () => {
  const here = new Set(['a', 'b'])
  const { presence, written, answer, faults } = aPresence(here)
  presence.note('a')
  await answer()
  presence.note('b')
  await answer('fail')
  expect(faults).toHaveLength(1)
  const renewed = presence.renew()
  await answer()
  await renewed
  expect(written.at(-1)?.[0].toSorted()).toEqual(['a', 'b'])
})

it('writes what comes after a renewal that had nothing to write', async () => {
  const { presence, written } = aPresence(new Set(['a']))
  await presence.renew()
  presence.note('a')
  expect(written).toEqual([[['a'], []]])
})

it('knows of a page here without asking, and of one elsewhere by asking', async () => {
  const { presence } = aPresence(new Set(['here']))
  expect(await Promise.all(['here', 'elsewhere', 'nowhere'].map((id) => presence.isPresent(id)))).toEqual([
    true,
    true,
    false,
  ])
})

it('is told by the hub of pages that come and leave, once the payload is known to exist', async () => {
  const noted: string[] = []
  const { hub, facts, connect } = aHub({ onPage: (id) => noted.push(`${id} ${hub.hasPage(id) ? 'came' : 'left'}`) })
  facts.set('a', someFacts())
  const [page, stranger] = [connect('a'), connect('unknown')]
  page.say('{"page":true}')
  stranger.say('{"page":true}')
  await settle()
  expect(noted).toEqual(['a came'])
  page.vanish()
  expect(noted).toEqual(['a came', 'a left'])
})
