import fc from 'fast-check'
import { expect, it } from 'vitest'
import { newAnnouncements, type Announcement } from '../../src/payload/facts.ts'
import { LiveWorld, type Happening, type Watcher } from '../live-world.ts'
import { anActor } from '../payload-fixture.ts'

const keys: Record<Announcement, string> = {
  opened: 'opened',
  preSigned: 'pre_signed',
  dispatched: 'dispatched',
  resolved: 'signed',
}

const has = (message: unknown, key: string): boolean => Object.hasOwn(message as object, key)
const count = (messages: readonly unknown[], key: string): number => messages.filter((one) => has(one, key)).length

const node = fc.nat({ max: 1 })
const actor = fc.constantFrom(...['alice', 'bob'].flatMap((name) => [anActor(name), anActor(name, 'EVENT_LIST')]))
const seldom = fc.nat({ max: 9 }).map((n) => n === 0)

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('connect'), node }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('vanish'), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('say'), which: fc.nat() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('wallet'),
      node,
      actor,
      step: fc.constantFrom('open', 'preSign', 'sign', 'reject'),
      dies: seldom,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel'), node, dies: seldom }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fetch'), node }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('pass'),
      time: fc.oneof(fc.nat({ max: 500 }), fc.constant(5_000), fc.nat({ max: 40_000 })),
      stalled: fc.boolean(),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('answer'), node, which: fc.nat(), failing: seldom }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('hint'),
      node,
      which: fc.nat(),
      becomes: fc.constantFrom('deliver', 'repeat', 'drop'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reconcile'), node }) },
)

/** What holds of everything that one socket was told, whenever it left. */
const expectSound = ({ socket: { told }, said }: Watcher, world: LiveWorld): void => {
  if (told.length === 0) return
  expect(told[0]).toEqual({ message: `Welcome ${world.payload.id}` })
  expect(has(told[1], 'expires_in_seconds') || has(told[1], 'expired')).toBe(true)
  expect(count(told, 'expired')).toBeLessThanOrEqual(1)

  const expiredAt = told.findIndex((message) => has(message, 'expired'))
  for (const [index, message] of told.entries()) {
    if (!has(message, 'expires_in_seconds')) continue
    const { expires_in_seconds: seconds } = message as { expires_in_seconds: number }
    if (expiredAt === -1 || index < expiredAt) expect(seconds).toBeGreaterThan(0)
    else expect(seconds).toBeLessThanOrEqual(0)
  }

  const order = Object.values(keys)
  const ranks = told.map((message) => order.findIndex((key) => has(message, key))).filter((rank) => rank >= 0)
  expect(ranks).toEqual([...new Set(ranks)].sort())
  expect(count(told, 'devapp_fetched')).toBeLessThanOrEqual(world.calls)
  expect(told.filter((message) => has(message, 'message')).length - 1).toBeLessThanOrEqual(said)
}

/** What is owed to a socket that is still there when everything has calmed down. */
const expectComplete = ({ socket: { told }, said, fetched }: Watcher, world: LiveWorld): void => {
  const owed = newAnnouncements(null, world.facts).map((one) => keys[one])
  const facts = told.filter((message) => Object.values(keys).some((key) => has(message, key)))
  expect(facts.map((message) => Object.values(keys).find((key) => has(message, key)))).toEqual(owed)
  if (world.facts.resolved !== null) expect(facts.at(-1)).toEqual(world.facts.resolved)
  expect(count(told, 'devapp_fetched')).toBeGreaterThanOrEqual(fetched)
  expect(told.filter((message) => has(message, 'message')).length - 1).toBe(said)
}

it(
  'tells every subscriber exactly the facts, once each and in order, whenever it connects and whatever fails',
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(happening, { minLength: 5, maxLength: 40 }),
        fc.record({ submit: fc.boolean(), multisign: fc.boolean() }),
        fc.tuple(fc.integer({ min: -5_000, max: 5_000 }), fc.integer({ min: -5_000, max: 5_000 })),
        async (happenings, request, skews) => {
          const world = new LiveWorld(request, skews)
          for (const one of happenings) {
            await world.happen(one)
            for (const { socket } of world.watchers) {
              if (world.isSurelyAlive()) expect(count(socket.told, 'expired')).toBe(0)
              // of a cancellation the node may not have heard yet, but the time it knows
              const told = socket.closedWith === null && socket.told.length > 0
              if (told && world.isSurelyExpired(world.payload.expiresAt)) expect(count(socket.told, 'expired')).toBe(1)
            }
          }
          await world.calmDown()
          const present = world.watchers.filter(({ socket }) => socket.closedWith === null)
          for (const watcher of present) expectComplete(watcher, world)

          // whatever joining and leaving there was, each node still hears the others
          const before = present.map(({ socket }) => count(socket.told, 'devapp_fetched'))
          await world.happen({ kind: 'fetch', node: 0 })
          world.deliverHints()
          const after = present.map(({ socket }) => count(socket.told, 'devapp_fetched'))
          expect(after).toEqual(before.map((told) => told + 1))

          await world.happen({ kind: 'pass', time: 10, stalled: false })
          if (world.isSurelyExpired(world.facts.expiry)) {
            for (const { socket } of present) expect(count(socket.told, 'expired')).toBe(1)
          }
          await world.happen({ kind: 'pass', time: 200_000, stalled: true })
          await world.happen({ kind: 'pass', time: 200_000, stalled: true })
          for (const { socket } of present) expect(count(socket.told, 'expired')).toBe(1)
          for (const watcher of world.watchers) expectSound(watcher, world)
        },
      ),
      { numRuns: 6_000 },
    )
  },
)
