import { refuse, type Refusal } from '../refusals.ts'
import { isSoundText } from '../sound-text.ts'
import { applicationEvents, type ApplicationSettings } from './application.ts'

/** What an application has that nobody set. */
export const defaultSettings: Omit<ApplicationSettings, 'name'> = {
  description: '',
  iconUrl: '',
  webhookUrl: '',
  disabled: false,
  bindSignIn: false,
  pushedUserOnly: false,
  eventsUrl: '',
  events: [],
  honourRetryAfter: false,
  endOnGone: false,
  requireHttps: false,
}

/** In Unicode code points. */
const nameLength = 100
const descriptionLength = 1000
const urlLength = 2000

/** Null when all of it may be stored; else `optionInvalid` with the first reason. */
export const checkSettings = (settings: Partial<ApplicationSettings>): Refusal | null => {
  const { name, description, iconUrl, webhookUrl, eventsUrl, events = [] } = settings
  if (name !== undefined && (name.trim() === '' || !fits(name, nameLength))) {
    return refuse('optionInvalid', `The name must have 1 to ${nameLength} characters.`)
  }
  if (description !== undefined && !fits(description, descriptionLength)) {
    return refuse('optionInvalid', `The description may have ${descriptionLength} characters.`)
  }
  if (!isHttpUrlOrEmpty(iconUrl)) return refuse('optionInvalid', 'The icon URL must be an http or https URL.')
  if (!isHttpUrlOrEmpty(webhookUrl)) return refuse('optionInvalid', 'The webhook URL must be an http or https URL.')
  if (!isHttpUrlOrEmpty(eventsUrl)) return refuse('optionInvalid', 'The events URL must be an http or https URL.')
  if (new Set(events).size < events.length || events.some((event) => !applicationEvents.includes(event))) {
    return refuse('optionInvalid', `The events must be different ones of ${applicationEvents.join(', ')}.`)
  }
  return null
}

const fits = (text: string, length: number): boolean => isSoundText(text) && Array.from(text).length <= length

const isHttpUrlOrEmpty = (url: string | undefined): boolean => {
  if (url === undefined || url === '') return true
  return url.length <= urlLength && /^https?:$/.test(URL.parse(url)?.protocol ?? '')
}
