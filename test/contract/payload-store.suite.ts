import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UserToken } from '../../src/application/user-token.ts'
import type { JsonObject } from '../../src/json.ts'
import {
  cancel,
  open,
  recordDispatch,
  recordLedgerAnswer,
  reject,
  sign,
  type Actor,
} from '../../src/payload/lifecycle.ts'
import type { Payload } from '../../src/payload/payload.ts'
import {
  maxRefusedSignatures,
  type Change,
  type Current,
  type FollowedTransaction,
  type NewPayload,
  type PayloadStore,
  type PendingCheck,
} from '../../src/payload/payload-store.ts'
import { isRefusal, refuse, type Refusal } from '../../src/refusals.ts'
import type { MovableClock } from '../movable-clock.ts'
import { aContext, anActor, aPayload, aSignature, signingDetails } from '../payload-fixture.ts'

/** What the suite needs of an implementation: an empty store whose clock is `clock`, and owners for payloads. */
export interface PayloadStoreFixture {
  readonly payloads: PayloadStore
  addApplication(): Promise<string>
  addUser(): Promise<string>
  close(): Promise<void>
}

const minute = 60_000

/** The contract of `PayloadStore`, for every implementation. */
export const payloadStoreSuite = (clock: MovableClock, openFixture: () => Promise<PayloadStoreFixture>): void => {
  let fixture: PayloadStoreFixture
  let payloads: PayloadStore
  let applicationId: string

  beforeAll(async () => {
    fixture = await openFixture()
    payloads = fixture.payloads
    applicationId = await fixture.addApplication()
  })
  afterAll(() => fixture.close())

  const { request, customMeta: noMeta } = aPayload()
  const newPayload = (changes: Partial<NewPayload> = {}): NewPayload => ({
    id: randomUUID(),
    applicationId,
    request,
    customMeta: noMeta,
    pushedTo: null,
    lifetime: minute,
    ...changes,
  })
  const create = async (changes: Partial<NewPayload> = {}): Promise<Payload> =>
    accepted(await payloads.create(newPayload(changes), () => []))
  const find = async (id: string): Promise<Payload> => (await payloads.find(id))!.payload

  describe('create', () => {
    it('sets the times by its own clock and keeps everything else', async () => {
      const asked = newPayload({
        pushedTo: { userId: randomUUID(), exclusive: true },
        customMeta: { identifier: 'order-1', blob: { z: 1, a: { y: [null, 'ü'] } }, instruction: 'Pay the order' },
        lifetime: 90_000,
      })
      const created = accepted(await payloads.create(asked, () => []))
      const { lifetime, ...kept } = asked
      expect(created).toEqual({
        ...kept,
        createdAt: clock.time,
        expiresAt: clock.time + lifetime,
        opens: [],
        preSignedAt: null,
        cancelledAt: null,
        outcome: null,
        dispatchReports: [],
        ledgerAnswer: null,
      })
      expect(await payloads.find(created.id)).toEqual({ payload: created, now: clock.time })
    })

    it('gives back any template and any blob as they were, the order of keys included', async () => {
      const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }))
      await fc.assert(
        fc.asyncProperty(object, object, async (json, blob) => {
          const template = { ...request.template, json: json as JsonObject }
          const created = await create({
            request: { ...request, template },
            customMeta: { identifier: null, blob: blob as JsonObject, instruction: null },
          })
          const found = await find(created.id)
          expect(JSON.stringify(found.request.template.json)).toBe(JSON.stringify(json))
          expect(JSON.stringify(found.customMeta.blob)).toBe(JSON.stringify(blob))
        }),
        { numRuns: 100 },
      )
    })

    it('refuses an identifier that the application used before, and nothing of it is kept', async () => {
      const customMeta = { identifier: 'used', blob: null, instruction: null }
      const first = await create({ customMeta })
      const second = newPayload({ customMeta })
      expect(await payloads.create(second, () => [])).toEqual(refuse('identifierTaken'))
      expect(await payloads.find(second.id)).toBeNull()
      expect((await payloads.findByIdentifier(applicationId, 'used'))?.payload).toEqual(first)
    })

    it('lets one of many at once have an identifier', async () => {
      const customMeta = { identifier: 'wanted', blob: null, instruction: null }
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => payloads.create(newPayload({ customMeta }), () => [])),
      )
      expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1)
    })

    it('keeps the identifiers of applications apart', async () => {
      const customMeta = { identifier: 'both', blob: null, instruction: null }
      const other = await fixture.addApplication()
      const mine = await create({ customMeta })
      const theirs = await create({ customMeta, applicationId: other })
      expect((await payloads.findByIdentifier(applicationId, 'both'))?.payload.id).toBe(mine.id)
      expect((await payloads.findByIdentifier(other, 'both'))?.payload.id).toBe(theirs.id)
      expect(await payloads.findByIdentifier(other, 'neither')).toBeNull()
    })
  })

  it('knows no payload that was never created', async () => {
    const id = randomUUID()
    expect(await payloads.find(id)).toBeNull()
    expect(await payloads.readFacts([id])).toEqual([])
    expect(await payloads.change(id, null, same)).toBeNull()
  })

  describe('change', () => {
    it('writes a whole life, step by step', async () => {
      const { id } = await create()
      const [alice, bob] = [anActor('alice', 'DEEP_LINK'), anActor('bob')]
      const steps: ((current: Current) => Payload | Refusal)[] = [
        ({ payload, now }) => open(payload, alice, now),
        ({ payload, now }) => open(payload, bob, now),
        ({ payload, now }) => open(payload, alice, now),
        ({ payload, now }) =>
          recordDispatch(payload, bob, { to: 'wss://node', nodeType: 'TESTNET', result: null }, now),
        ({ payload, now }) => sign(payload, alice, aSignature, signingDetails, aContext, now),
        ({ payload, now }) => recordDispatch(payload, alice, { to: null, nodeType: null, result: 'tesSUCCESS' }, now),
        ({ payload, now }) =>
          recordLedgerAnswer(payload, { to: 'wss://node', nodeType: null, result: 'tecPATH_DRY' }, now),
      ]
      let last = await find(id)
      for (const step of steps) {
        clock.time += 1_000
        const changed = accepted(await payloads.change(id, null, (current) => payloadOnly(step(current))))
        expect(changed.before).toEqual(last)
        expect(changed.now).toBe(clock.time)
        last = changed.change.payload
        expect(await find(id)).toEqual(last)
      }
      expect(last.opens.map(({ userId }) => userId)).toEqual(['alice', 'bob'])
      expect(last.outcome).toMatchObject({ kind: 'signed', origin: 'DEEP_LINK', at: clock.time - 2_000 })
      expect(last.dispatchReports.map(({ userId }) => userId)).toEqual(['bob', 'alice'])
      const [read] = await payloads.readFacts([id])
      expect(read?.facts).toMatchObject({ opened: true, preSigned: true, dispatched: true })
    })

    it('writes a rejection and a cancellation', async () => {
      const rejected = await create()
      const cancelled = await create()
      const why = { initiator: 'USER', reason: 'changed my mind' } as const
      await payloads.change(rejected.id, null, ({ payload, now }) =>
        payloadOnly(reject(payload, anActor('carol'), why, aContext, now)),
      )
      await payloads.change(cancelled.id, null, ({ payload, now }) => cancel(payload, now))
      expect((await find(rejected.id)).outcome).toMatchObject({ kind: 'rejected', ...why })
      expect((await find(cancelled.id)).cancelledAt).toBe(clock.time)
    })

    it('gives back what the step said beside the payload', async () => {
      const { id } = await create()
      const changed = accepted(await payloads.change(id, null, ({ payload, now }) => cancel(payload, now)))
      expect(changed.change.reason).toBe('OK')
    })

    it('writes nothing when the step refuses or fails', async () => {
      const before = await create()
      expect(await payloads.change(before.id, null, () => refuse('cancelled'))).toEqual(refuse('cancelled'))
      const failing = payloads.change(before.id, null, () => {
        throw new Error('a fault')
      })
      await expect(failing).rejects.toThrow('a fault')
      expect(await find(before.id)).toEqual(before)
    })

    it('writes nothing when a part of it cannot be written', async () => {
      const before = await create()
      const check = { ...aCheck(before.id), dueAt: clock.time }
      await payloads.change(before.id, null, ({ payload }) => ({ payload, pendingCheck: check }))
      const again = payloads.change(before.id, null, ({ payload, now }) => ({
        ...cancel(payload, now),
        // an id that is taken
        pendingCheck: { ...check, userId: randomUUID() },
      }))
      await expect(again).rejects.toThrow()
      expect(await find(before.id)).toEqual(before)
      await payloads.removePendingCheck(check.id)
    })

    it('lets one of twenty resolutions at once win', async () => {
      const { id } = await create()
      const wallets = Array.from({ length: 20 }, (_, index) => anActor(`wallet ${index}`))
      const answers = await Promise.all(
        wallets.map((wallet) =>
          payloads.change(id, null, ({ payload, now }) =>
            payloadOnly(sign(payload, wallet, aSignature, signingDetails, aContext, now)),
          ),
        ),
      )
      const winners = wallets.filter((_, index) => !isRefusal(answers[index]))
      expect(winners).toHaveLength(1)
      expect((await find(id)).outcome?.userId).toBe(winners[0]!.userId)
      expect(answers.filter(isRefusal)).toEqual(Array.from({ length: 19 }, () => refuse('alreadyResolved')))
    })

    it('shows each of many changes at once what the ones before it wrote', async () => {
      const { id } = await create()
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          payloads.change(id, null, ({ payload, now }) => payloadOnly(open(payload, anActor(`user ${index}`), now))),
        ),
      )
      expect(new Set((await find(id)).opens.map(({ userId }) => userId)).size).toBe(20)
    })
  })

  describe("a user's token", () => {
    const grant = (id: string, userId: string, userToken: UserToken) =>
      payloads.change(id, userId, ({ payload }) => ({ payload, userToken }))
    const tokenSeen = async (id: string, userId: string | null): Promise<UserToken | null> => {
      let seen: UserToken | null = null
      await payloads.change(id, userId, (current) => {
        seen = current.userToken
        return { payload: current.payload }
      })
      return seen
    }
    const aToken = (expiresAt: number): UserToken => ({ token: randomUUID(), issuedAt: clock.time, expiresAt })

    it('is unknown until granted, then seen by every payload of the application', async () => {
      const userId = await fixture.addUser()
      const [first, second] = [await create(), await create()]
      const elsewhere = await create({ applicationId: await fixture.addApplication() })
      expect(await tokenSeen(first.id, userId)).toBeNull()
      const token = aToken(clock.time + minute)
      await grant(first.id, userId, token)
      expect(await tokenSeen(second.id, userId)).toEqual(token)
      expect(await tokenSeen(second.id, null)).toBeNull()
      expect(await tokenSeen(second.id, await fixture.addUser())).toBeNull()
      expect(await tokenSeen(elsewhere.id, userId)).toBeNull()
    })

    it('is extended in place, and seen even after it expired', async () => {
      const userId = await fixture.addUser()
      const { id } = await create()
      const token = aToken(clock.time + minute)
      await grant(id, userId, token)
      const extended = { ...token, expiresAt: clock.time + 2 * minute }
      await grant(id, userId, extended)
      clock.time += 3 * minute
      expect(await tokenSeen(id, userId)).toEqual(extended)
    })

    it('is one and the same when first granted through several payloads at once', async () => {
      const userId = await fixture.addUser()
      const ids = await Promise.all(Array.from({ length: 8 }, async () => (await create()).id))
      const answers = await Promise.all(
        ids.map((id) =>
          payloads.change(id, userId, ({ payload, userToken }) => ({
            payload,
            userToken: userToken ?? aToken(clock.time + minute),
          })),
        ),
      )
      const tokens = answers.map((answer) => accepted(answer).change.userToken.token)
      expect(new Set(tokens).size).toBe(1)
    })
  })

  describe('refused signatures', () => {
    it('are kept oldest first, up to a bound', async () => {
      const { id } = await create()
      for (let count = 0; count <= maxRefusedSignatures; count++) {
        clock.time += 1_000
        const refusedSignature = {
          txid: `${count}`,
          account: null,
          reason: 'templateMismatch',
          message: 'Not what was asked for.',
        } as const
        await payloads.change(id, null, ({ payload }) => ({ payload, refusedSignature }))
      }
      const kept = await payloads.listRefusedSignatures(id)
      expect(kept.map(({ txid }) => txid)).toEqual(
        Array.from({ length: maxRefusedSignatures }, (_, index) => `${index}`),
      )
      expect(kept[0]).toEqual({
        txid: '0',
        account: null,
        reason: 'templateMismatch',
        message: 'Not what was asked for.',
        at: clock.time - maxRefusedSignatures * 1_000,
      })
      expect(await payloads.listRefusedSignatures(randomUUID())).toEqual([])
    })
  })

  describe('pending checks', () => {
    const handIn = async (check: PendingCheck, dueAt: number): Promise<PendingCheck> => {
      await payloads.change(check.payloadId, null, ({ payload }) => ({ payload, pendingCheck: { ...check, dueAt } }))
      return check
    }
    const owe = async (dueAt: number) => handIn(aCheck((await create()).id), dueAt)
    const claim = async (limit = 100) => (await payloads.claimPendingChecks(limit, minute)).checks

    it('are claimed once due, whole, by one claimer for as long as the lease', async () => {
      const check = await owe(clock.time + 1)
      expect(await claim()).toEqual([])
      clock.time += 1
      expect(await payloads.claimPendingChecks(100, minute)).toEqual({ checks: [check], now: clock.time })
      expect(await claim()).toEqual([])
      clock.time += minute
      expect(await claim()).toEqual([check])
      await payloads.removePendingCheck(check.id)
    })

    it('are due again when postponed, and gone when removed', async () => {
      const check = await owe(clock.time)
      await claim()
      await payloads.postponePendingCheck(check.id, clock.time + 1_000)
      clock.time += 1_000
      expect(await claim()).toEqual([check])
      await payloads.removePendingCheck(check.id)
      clock.time += 2 * minute
      expect(await claim()).toEqual([])
    })

    it('are one for each user and payload: the later replaces the earlier, even while that is being repeated', async () => {
      const earlier = await owe(clock.time)
      const ofAnother = await handIn(aCheck(earlier.payloadId), clock.time)
      expect(await claim()).toHaveLength(2)
      const later = await handIn({ ...aCheck(earlier.payloadId), userId: earlier.userId }, clock.time)
      await payloads.postponePendingCheck(earlier.id, clock.time + minute)
      await payloads.removePendingCheck(earlier.id)
      expect(await claim()).toEqual([later])
      clock.time += minute
      expect((await claim()).map(({ id }) => id).sort()).toEqual([later.id, ofAnother.id].sort())
      await Promise.all([later, ofAnother].map(({ id }) => payloads.removePendingCheck(id)))
    })

    it('go to one claimer each, however many claim at once, and no more than asked for', async () => {
      const owed = await Promise.all(Array.from({ length: 12 }, () => owe(clock.time)))
      expect(await claim(2)).toHaveLength(2)
      const rest = (await Promise.all(Array.from({ length: 5 }, () => claim()))).flat()
      expect(rest).toHaveLength(10)
      expect(new Set(rest.map(({ id }) => id)).size).toBe(10)
      await Promise.all(owed.map(({ id }) => payloads.removePendingCheck(id)))
    })
  })

  describe('followed transactions', () => {
    const follow = async (dueAt: number, network: string | null = 'TESTNET'): Promise<FollowedTransaction> => {
      const followed = { payloadId: (await create()).id, txid: 'AB', network, giveUpAt: dueAt + minute }
      await payloads.change(followed.payloadId, null, ({ payload }) => ({
        payload,
        followedTransaction: { ...followed, dueAt },
      }))
      return followed
    }
    const claim = async (limit = 100) => (await payloads.claimFollowedTransactions(limit, minute)).followed

    it('are claimed once due, whole, by one claimer for as long as the lease', async () => {
      const followed = await follow(clock.time + 1, null)
      expect(await claim()).toEqual([])
      clock.time += 1
      expect(await payloads.claimFollowedTransactions(100, minute)).toEqual({ followed: [followed], now: clock.time })
      expect(await claim()).toEqual([])
      clock.time += minute
      expect(await claim()).toEqual([followed])
      await payloads.removeFollowedTransaction(followed.payloadId)
    })

    it('are due again when postponed, and gone when removed', async () => {
      const followed = await follow(clock.time)
      await claim()
      await payloads.postponeFollowedTransaction(followed.payloadId, clock.time + 1_000)
      clock.time += 1_000
      expect(await claim()).toEqual([followed])
      await payloads.removeFollowedTransaction(followed.payloadId)
      clock.time += 2 * minute
      expect(await claim()).toEqual([])
    })

    it('go to one claimer each, however many claim at once, and no more than asked for', async () => {
      await Promise.all(Array.from({ length: 12 }, () => follow(clock.time)))
      expect(await claim(2)).toHaveLength(2)
      const rest = (await Promise.all(Array.from({ length: 5 }, () => claim()))).flat()
      expect(new Set(rest.map(({ payloadId }) => payloadId)).size).toBe(10)
      expect(rest).toHaveLength(10)
    })

    it('are not there without the change that they came with', async () => {
      const { id } = await create()
      const followedTransaction = { payloadId: id, txid: 'AB', network: null, giveUpAt: 0, dueAt: clock.time }
      const step = ({ payload, now }: Current) => ({ ...cancel(payload, now), followedTransaction })
      await payloads.change(id, null, ({ payload }) => ({ payload, followedTransaction }))
      const before = await find(id)
      // one for each payload
      await expect(payloads.change(id, null, step)).rejects.toThrow()
      expect(await find(id)).toEqual(before)
      await payloads.removeFollowedTransaction(id)
    })
  })

  describe('the list of pending payloads', () => {
    it('has what was pushed to the user, newest first, while it can be opened', async () => {
      const userId = await fixture.addUser()
      const pushedTo = { userId, exclusive: false }
      const made: Payload[] = []
      for (let index = 0; index < 5; index++) {
        clock.time += 1_000
        made.push(await create({ pushedTo, lifetime: index === 0 ? 2 * minute : 10 * minute }))
      }
      await create({ pushedTo: { userId: await fixture.addUser(), exclusive: false } })
      await create()
      const listed = async (limit = 10) =>
        (await payloads.listPendingFor(userId, limit)).map(({ payload }) => payload.id)
      expect(await listed()).toEqual(made.map(({ id }) => id).reverse())
      expect(await listed(2)).toEqual([made[4]!.id, made[3]!.id])

      await payloads.change(made[1]!.id, null, ({ payload, now }) => cancel(payload, now))
      await payloads.change(made[2]!.id, null, ({ payload, now }) =>
        payloadOnly(sign(payload, actorOf(userId), aSignature, signingDetails, aContext, now)),
      )
      clock.time = made[0]!.expiresAt
      expect(await listed()).toEqual([made[4]!.id, made[3]!.id])
      expect((await payloads.listPendingFor(userId, 1))[0]).toEqual({ payload: made[4], now: clock.time })
    })
  })
}

const actorOf = (userId: string): Actor => ({ ...anActor('someone'), userId })

const same = ({ payload }: Current): Change => ({ payload })

const payloadOnly = (stepped: Payload | Refusal): Change | Refusal =>
  isRefusal(stepped) ? stepped : { payload: stepped }

const accepted = <T>(answer: T | Refusal | null): T => {
  if (answer === null || isRefusal(answer)) throw new Error(`refused: ${JSON.stringify(answer)}`)
  return answer
}

const aCheck = (payloadId: string): PendingCheck => ({
  id: randomUUID(),
  payloadId,
  userId: randomUUID(),
  deviceId: randomUUID(),
  origin: 'QR',
  callId: randomUUID(),
  submission: {
    signedBlob: 'AB',
    txid: null,
    signMethod: 'PIN',
    signerPublicKey: null,
    multisigned: null,
    nodeUri: null,
    nodeType: null,
  },
  grantPush: true,
  giveUpAt: 1,
})
