import { describe, expect, it } from 'vitest'
import { activate, allow, formatActivationCredentials, parseActivationCredentials } from './activation.ts'
import type { InvitedDevice } from './device.ts'

const credentials = {
  activationId: '11111111-2222-4333-8444-555555555555',
  deviceId: '66666666-7777-4888-9999-aaaaaaaaaaaa',
}
const registration = { uniqueDeviceIdentifier: 'phone', platform: 'ios', pushToken: '' }
const invited: InvitedDevice = {
  id: credentials.deviceId,
  userId: 'user',
  activationId: credentials.activationId,
  createdAt: 0,
  state: 'invited',
  activateBy: 1000,
  startsLocked: false,
}

describe('activation credentials', () => {
  it.each(['', 'Bearer ', 'bearer '])('are read after %j, in any case', (scheme) => {
    const written = formatActivationCredentials(credentials)
    expect(parseActivationCredentials(scheme + written)).toEqual(credentials)
    expect(parseActivationCredentials(scheme + written.toUpperCase())).toEqual(credentials)
  })

  it.each([
    undefined,
    '',
    'Bearer',
    credentials.deviceId,
    `${credentials.deviceId}.x`,
    `Basic x.${credentials.deviceId}`,
  ])('are refused when they read %j', (header) => {
    expect(parseActivationCredentials(header)).toMatchObject({ refused: 'activationFailed' })
  })
})

describe('activation', () => {
  const activated = (device = invited, now = 999) => activate(device, credentials, registration, 'token hash', now)

  it('makes the first device active', () => {
    expect(activated()).toMatchObject({ ...registration, state: 'active', accessTokenHash: 'token hash' })
  })

  it('leaves a further device locked until another of the same user allows it', () => {
    const locked = activated({ ...invited, startsLocked: true })
    if ('refused' in locked) throw new Error('refused')
    expect(locked.state).toBe('locked')
    expect(allow(locked, 'somebody else')).toMatchObject({ refused: 'deviceNotPending' })
    expect(allow(locked, 'user')).toMatchObject({ state: 'active' })
  })

  it('is too late after the hour', () => {
    expect(activated(invited, 1000)).toMatchObject({ refused: 'activationFailed' })
  })

  it('is done once', () => {
    const first = activated()
    if ('refused' in first) throw new Error('refused')
    expect(activate(first, credentials, registration, 'another', 999)).toMatchObject({ refused: 'activationFailed' })
  })

  it('needs the uuid of the very user', () => {
    const others = { ...credentials, activationId: credentials.deviceId }
    expect(activate(invited, others, registration, 'token hash', 0)).toMatchObject({ refused: 'activationFailed' })
  })

  it('comes before permission', () => {
    expect(allow({ ...invited, startsLocked: true }, 'user')).toMatchObject({ refused: 'deviceNotPending' })
  })
})
