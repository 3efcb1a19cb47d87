import { describe, expect, it } from 'vitest'
import { authenticate } from './authenticate.ts'
import type { Bearer } from './bearer.ts'
import { unusedWindow, useCounter } from './counter-window.ts'
import type { InvitedDevice, RegisteredDevice } from './device.ts'
import { giveRefreshHash, noRefreshHashes } from './refresh.ts'
import { sha256 } from './secret.ts'

const identity = { id: 'device', userId: 'user', activationId: 'activation', createdAt: 0 }

const device: RegisteredDevice = {
  ...identity,
  state: 'active',
  uniqueDeviceIdentifier: 'phone',
  platform: 'ios',
  pushToken: '',
  accessTokenHash: sha256('token'),
  counter: unusedWindow,
  refreshHashes: noRefreshHashes,
}
const spent = { ...device, counter: useCounter(unusedWindow, 5)! }
const refreshed = { ...device, refreshHashes: giveRefreshHash(noRefreshHashes, 'fourth') }
const invited: InvitedDevice = { ...identity, state: 'invited', activateBy: 1, startsLocked: false }

const bearer = (changes: Partial<Bearer> = {}): Bearer => {
  const counter = changes.counter ?? 5
  return { accessToken: 'token', counter, hash: sha256(`tokenphone${counter}`), refreshHash: null, ...changes }
}

describe('authentication', () => {
  it('takes the right hash once, and remembers its counter', () => {
    const { device: after, answer } = authenticate(device, bearer(), false)
    expect(answer).toEqual(after)
    expect(after).toMatchObject({ counter: { highest: 5 } })
    expect(authenticate(after!, bearer(), false)).toEqual({ answer: { refused: 'bearerReplayed' } })
  })

  it.each(['locked', 'invited'] as const)(
    'refuses a device that is %s before anything else, and leaves it',
    (state) => {
      const closed = state === 'invited' ? invited : { ...spent, state }
      expect(authenticate(closed, bearer({ hash: 'wrong' }), false)).toEqual({ answer: { refused: 'deviceUnknown' } })
      expect(authenticate(closed, bearer(), false)).toEqual({ answer: { refused: 'deviceUnknown' } })
    },
  )

  it('spends no counter on a wrong hash, whatever the fourth part', () => {
    const wrong = bearer({ hash: sha256('tokenphone6'), refreshHash: 'fourth' })
    expect(authenticate(refreshed, wrong, false)).toEqual({ answer: { refused: 'bearerReplayed' } })
  })

  it('tells a repeated counter before a wrong fourth part', () => {
    expect(authenticate(spent, bearer({ refreshHash: 'wrong' }), false)).toEqual({
      answer: { refused: 'bearerReplayed' },
    })
  })

  it('spends the counter of a call whose fourth part is wrong', () => {
    const { device: after, answer } = authenticate(device, bearer({ refreshHash: 'wrong' }), false)
    expect(answer).toEqual({ refused: 'bearerHashWrong' })
    expect(after).toMatchObject({ counter: { highest: 5 }, refreshHashes: noRefreshHashes })
  })

  it('takes any fourth part when refreshing', () => {
    expect(authenticate(device, bearer({ refreshHash: 'wrong' }), true)).toMatchObject({ answer: { id: 'device' } })
    expect(authenticate(refreshed, bearer({ refreshHash: 'fourth' }), true)).toMatchObject({
      answer: { refreshHashes: { used: true } },
    })
  })
})
