import { describe, expect, it } from 'vitest'
import { anApplication } from '../../test/application-fixture.ts'
import { aContext, anActor, aPayload } from '../../test/payload-fixture.ts'
import { open, reject } from '../payload/lifecycle.ts'
import { noDebts } from '../payload/owed-delivery.ts'
import type { Payload } from '../payload/payload.ts'
import { isRefusal, type Refusal } from '../refusals.ts'
import { owedTest, owedWebhooks } from './owed-webhooks.ts'

const id = '8a7c1b5e-5a0e-4f0e-9d3b-0123456789ab'
const { owedByCreation, owedByChange } = owedWebhooks(() => id)
const asked = aPayload()
const ann = anActor('ann')

const worked = (next: Payload | Refusal): Payload => {
  if (isRefusal(next)) throw new Error(next.refused)
  return next
}
const rejected = worked(reject(asked, ann, { initiator: 'USER', reason: null }, aContext, 1_000))
const all = { eventsUrl: 'https://shop.test/events', events: ['opened', 'expired'] as const }

describe('a webhook', () => {
  it('is owed at once, to the webhook URL, under an id of its own', () => {
    const application = anApplication({ webhookUrl: 'https://shop.test/hook' })
    const { owed } = owedByChange(asked, { payload: rejected }, application, 1_000)
    expect(owed).toEqual([
      {
        id: 'msg_8a7c1b5e5a0e4f0e9d3b0123456789ab',
        applicationId: asked.applicationId,
        payloadId: asked.id,
        event: 'resolved',
        url: 'https://shop.test/hook',
        body: expect.any(String),
        dueAt: 1_000,
      },
    ])
  })

  it('is owed to nobody without a URL', () => {
    const { owed } = owedByChange(asked, { payload: rejected }, anApplication(), 1_000)
    expect(owed).toEqual([])
    expect(owedByCreation(asked, anApplication({ ...all, eventsUrl: '' }))).toEqual([])
  })

  it('is owed for those events alone that the application asked for', () => {
    const opened = worked(open(asked, ann, 1_000))
    const events = { eventsUrl: 'https://shop.test/events' }
    expect(owedByChange(asked, { payload: opened }, anApplication(events), 1_000)).toEqual(noDebts)
    expect(owedByCreation(asked, anApplication({ ...events, events: ['opened'] }))).toEqual([])
    const { owed } = owedByChange(asked, { payload: rejected }, anApplication(all), 1_000)
    expect(owed.map(({ event, url }) => [event, url])).toEqual([['opened', 'https://shop.test/events']])
  })

  it('about the expiry is owed from the creation, for when the time is over', () => {
    const application = anApplication(all)
    expect(owedByCreation(asked, application)).toMatchObject([{ event: 'expired', dueAt: asked.expiresAt }])
    expect(owedByChange(asked, { payload: rejected }, application, 1_000).expiryForgiven).toBe(true)
    const opened = worked(open(asked, ann, 1_000))
    expect(owedByChange(asked, { payload: opened }, application, 1_000).expiryForgiven).toBe(false)
    const late = worked(reject(opened, ann, { initiator: 'USER', reason: null }, aContext, asked.expiresAt))
    expect(owedByChange(opened, { payload: late }, application, asked.expiresAt).expiryForgiven).toBe(false)
  })

  it('about the expiry is replaced when the payload is opened by deep link, which it says', () => {
    const opened = worked(open(asked, anActor('ann', 'DEEP_LINK'), 1_000))
    const { owed, expiryForgiven } = owedByChange(asked, { payload: opened }, anApplication(all), 1_000)
    expect(expiryForgiven).toBe(true)
    expect(owed).toMatchObject([{ event: 'opened' }, { event: 'expired', dueAt: asked.expiresAt }])
    expect(owed[1]!.body).toContain('"opened_by_deeplink":true')
  })

  it('for a test belongs to no payload', () => {
    const application = anApplication()
    expect(owedTest(id, application, 'https://shop.test/hook', 5_000)).toMatchObject({
      id: 'msg_8a7c1b5e5a0e4f0e9d3b0123456789ab',
      applicationId: application.id,
      payloadId: null,
      event: 'test',
      dueAt: 5_000,
    })
  })
})
