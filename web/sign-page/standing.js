/**
 * Where the sign request stands, carried on from what the server wrote into the page by the messages of the status
 * socket. Pure: the page's other scripts do what follows from it.
 *
 * @typedef {'waiting' | 'opened' | 'signing' | 'submitted' | 'signed' | 'rejected' | 'expired' | 'cancelled'} Standing
 *
 * @typedef {object} View
 * @property {Standing} standing
 * @property {number} deadline milliseconds since 1970 by this browser's clock: the end of the time to open it
 * @property {string | null} returnUrl where to go on to, once resolved
 */

/** @type {Partial<Record<Standing, number>>} how far a wallet has come; it never goes back */
const progress = { opened: 1, signing: 2, submitted: 3 }

/** An end this much earlier, in milliseconds, is no difference of clocks: the application has withdrawn the request. */
const tooEarly = 2000

/** @type {(standing: Standing) => boolean} */
export const isResolved = (standing) => standing === 'signed' || standing === 'rejected'

/**
 * @param {View} view
 * @param {Record<string, any>} message of CONTRACT section 1; what is unknown changes nothing
 * @param {number} now by this browser's clock
 * @returns {View}
 */
export const hear = (view, message, now) => {
  if (isResolved(view.standing)) return view
  if (typeof message.signed === 'boolean') {
    return { ...view, standing: message.signed ? 'signed' : 'rejected', returnUrl: webUrl(message.return_url?.web) }
  }
  if (message.dispatched === true) return advance(view, 'submitted')
  if (message.pre_signed === true) return advance(view, 'signing')
  if (message.opened === true) return advance(view, 'opened')
  if (message.expired === true && view.standing === 'waiting') {
    return { ...view, standing: view.deadline - now > tooEarly ? 'cancelled' : 'expired' }
  }
  if (message.expires_in_seconds > 0) return { ...view, deadline: now + message.expires_in_seconds * 1000 }
  return view
}

/**
 * Who opened it in time may sign it late, so this comes after an expiry, too.
 *
 * @param {View} view
 * @param {Standing} standing
 * @returns {View}
 */
const advance = (view, standing) =>
  (progress[standing] ?? 0) > (progress[view.standing] ?? 0) ? { ...view, standing } : view

/**
 * The address if it is one of the web: never a scheme that runs something.
 *
 * @param {unknown} text
 */
const webUrl = (text) => {
  try {
    const url = new URL(String(text))
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null
  } catch {
    return null
  }
}
