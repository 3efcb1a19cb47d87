/**
 * What the sign page does beyond being read: it says what happens as it happens, counts down, opens the wallet on a
 * phone, and goes on to the application once the request is resolved. Its words come from the page.
 */
import { follow } from './follow.js'
import { hear, isResolved } from './standing.js'

/** Milliseconds; the first is long enough to read one word. */
const beforeGoingOn = 1500
const beforeSayingOffline = 3000
const longestWaitForSocket = 1500

const main = /** @type {HTMLElement} */ (document.querySelector('main[data-socket]'))
/** @type {(selector: string) => HTMLElement | null} */
const find = (selector) => main.querySelector(selector)
const language = document.documentElement.lang
const title = document.title

const { id = '', socket = '', wallet = '', secondsLeft } = main.dataset
const status = find('[role=status]')
/** @type {Record<string, string>} */
const words = JSON.parse(status?.dataset.words ?? '{}')

/** @type {import('./standing.js').View} */
let view = {
  standing: /** @type {import('./standing.js').Standing} */ (main.dataset.standing),
  deadline: Date.now() + Number(secondsLeft) * 1000,
  returnUrl: null,
}

/** What this tab did before a reload; a browser may forbid remembering. */
const memory = {
  has: (/** @type {string} */ what) => attempt(() => sessionStorage.getItem(`${what} ${id}`)) === 'yes',
  keep: (/** @type {string} */ what) => attempt(() => sessionStorage.setItem(`${what} ${id}`, 'yes')),
  drop: (/** @type {string} */ what) => attempt(() => sessionStorage.removeItem(`${what} ${id}`)),
}

/**
 * @template T
 * @param {() => T} use
 */
function attempt(use) {
  try {
    return use()
  } catch {
    return null
  }
}

/** In place of this page: going back must not lead here, and from here forward again. */
const goOn = (/** @type {string} */ url) => {
  memory.drop('followed')
  location.replace(url)
}

const showStanding = () => {
  main.dataset.standing = view.standing
  const text = words[view.standing] ?? ''
  if (status === null || status.textContent === text) return
  status.textContent = text
  document.title = `${text} · ${title}`
}

const showWayOn = () => {
  const link = find('a[data-onward]')
  if (!(link instanceof HTMLAnchorElement) || view.returnUrl === null) return
  const { href, host } = new URL(view.returnUrl)
  link.href = href
  link.textContent = (link.dataset.going ?? '').replace('{host}', () => host)
  setTimeout(() => {
    link.textContent = (link.dataset.onward ?? '').replace('{host}', () => host)
    goOn(href)
  }, beforeGoingOn)
}

/** @type {(seconds: number) => string} days, or a clock of hours, minutes and seconds */
const readableDuration = (seconds) => {
  const days = Math.floor(seconds / 86_400)
  if (days > 1) return new Intl.NumberFormat(language, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(days)
  const two = (/** @type {number} */ part) => String(part).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

const showTimeLeft = () => {
  const place = find('[data-time-left]')
  const seconds = Math.ceil((view.deadline - Date.now()) / 1000)
  if (place === null || view.standing !== 'waiting' || seconds < 0) return
  place.textContent = (place.dataset.timeLeft ?? '').replace('{time}', () => readableDuration(seconds))
}

const showLocalTime = () => {
  const time = main.querySelector('time')
  if (time === null) return
  const form = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  time.textContent = form.format(new Date(time.dateTime))
}

let wentToWallet =
  !/android|iphone|ipad|ipod/i.test(navigator.userAgent) || wallet === '' || memory.has('went to wallet')

/** On a phone, once per tab, and only before anything has happened; after that there is the button. */
const goToWallet = () => {
  if (wentToWallet || view.standing !== 'waiting') return
  wentToWallet = true
  memory.keep('went to wallet')
  location.href = wallet
}

const followStatus = () => {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let offlineTimer
  const offlineNote = find('[data-offline]')
  const showOffline = (/** @type {boolean} */ offline) => {
    if (offlineNote !== null) offlineNote.hidden = !offline
  }
  const following = follow({
    url: socket,
    onMessage(message) {
      view = hear(view, message, Date.now())
      showStanding()
      showTimeLeft()
      // not before the server knows of this page: it decides whether the wallet, too, goes on to the application
      goToWallet()
      if (!isResolved(view.standing)) return
      following.stop()
      showWayOn()
    },
    onConnected(connected) {
      if (!connected) {
        offlineTimer ??= setTimeout(() => showOffline(true), beforeSayingOffline)
        return
      }
      clearTimeout(offlineTimer)
      offlineTimer = undefined
      showOffline(false)
    },
  })
  for (const event of ['focus', 'online', 'pageshow']) addEventListener(event, () => following.hurry())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') following.hurry()
  })
}

if (isResolved(view.standing)) {
  // a phone may have put this tab away while its user was in the wallet
  const link = find('a[data-onward][href]')
  if (link instanceof HTMLAnchorElement && memory.has('followed')) goOn(link.href)
} else if (view.standing !== 'cancelled') {
  memory.keep('followed')
  showLocalTime()
  showTimeLeft()
  setInterval(showTimeLeft, 1000)
  followStatus()
  setTimeout(goToWallet, longestWaitForSocket)
}
