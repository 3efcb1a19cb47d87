/**
 * Follows a status socket for as long as there is something to follow: whatever breaks it, it comes back.
 *
 * The server repeats on every connection what has happened so far, so nothing is lost between two. It ends a socket for
 * good with code 1000 only. Source: CONTRACT section 1.
 */

/** Milliseconds: the first wait before coming back, doubled each time up to the last. */
const firstWait = 1000
const lastWait = 30_000

/** The server speaks every 15 s; a socket that said nothing for so long is dead, whatever the browser thinks. */
const longestSilence = 40_000

/**
 * @param {object} options
 * @param {string} options.url
 * @param {(message: Record<string, any>) => void} options.onMessage
 * @param {(connected: boolean) => void} options.onConnected
 */
export const follow = ({ url, onMessage, onConnected }) => {
  /** @type {WebSocket | null} */
  let socket = null
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  let heardAt = 0
  let wait = firstWait
  let ended = false

  const start = () => {
    const mine = new WebSocket(url)
    socket = mine
    heard()
    mine.onopen = () => mine.send('{"page":true}')
    mine.onmessage = (event) => {
      if (socket !== mine) return
      heard()
      wait = firstWait
      onConnected(true)
      onMessage(parse(event.data))
    }
    mine.onclose = (event) => {
      if (socket !== mine) return
      if (event.code === 1000) stop()
      else retry()
    }
  }

  const heard = () => {
    heardAt = Date.now()
    after(longestSilence, retry)
  }

  /** Leaves the present socket behind and comes back in a while, not at the same moment as everyone else. */
  const retry = () => {
    leave()
    onConnected(false)
    after(wait * (0.5 + Math.random() / 2), start)
    wait = Math.min(wait * 2, lastWait)
  }

  const leave = () => {
    const left = socket
    socket = null
    left?.close()
  }

  const stop = () => {
    ended = true
    clearTimeout(timer)
    leave()
  }

  const after = (/** @type {number} */ delay, /** @type {() => void} */ then) => {
    clearTimeout(timer)
    timer = setTimeout(then, delay)
  }

  start()
  return {
    stop,
    /** The person is back, or the network is: what waits need not wait, and a socket that slept too long is left. */
    hurry() {
      if (ended || (socket !== null && Date.now() - heardAt < longestSilence / 2)) return
      leave()
      start()
    },
  }
}

/** @type {(text: unknown) => Record<string, any>} */
const parse = (text) => {
  try {
    return JSON.parse(String(text)) ?? {}
  } catch {
    return {}
  }
}
