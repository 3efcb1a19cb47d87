import { randomUUID } from 'node:crypto'
import { defaultSettings } from '../src/application/application-settings.ts'
import type { Application, ApplicationSettings } from '../src/application/application.ts'

/** The application of `aPayload`, with nothing set but its name. */
export const anApplication = (changes: Partial<Application> = {}): Application => ({
  ...defaultSettings,
  id: '11111111-2222-4333-8444-555555555555',
  name: 'Shop',
  createdAt: 0,
  ...changes,
})

/** One for a store, under an id of its own. */
export const aNewApplication = (changes: Partial<ApplicationSettings> = {}): Omit<Application, 'createdAt'> => ({
  ...defaultSettings,
  id: randomUUID(),
  name: 'Shop',
  description: 'Sells things',
  iconUrl: 'https://shop.test/icon.png',
  webhookUrl: 'https://shop.test/hook',
  ...changes,
})
