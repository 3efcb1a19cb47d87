/**
 * Which counters of a device's bearer were used: a sliding window, so that calls which overtake each other on the way
 * are all accepted, and none twice.
 */
export interface CounterWindow {
  /** The highest counter used; 0 before the first. */
  readonly highest: number
  /** 64 bits: bit i tells whether `highest - i` was used. */
  readonly used: bigint
}

/** Source: CONTRACT section 3. */
export const windowSize = 64

export const unusedWindow: CounterWindow = { highest: 0, used: 0n }

/**
 * The window after this counter was used, or null when it may not be: it was used before, or is too late to know.
 *
 * @param counter a positive safe integer
 */
export const useCounter = (window: CounterWindow, counter: number): CounterWindow | null => {
  const ahead = counter - window.highest
  if (ahead > 0) {
    const shifted = ahead < windowSize ? BigInt.asUintN(windowSize, window.used << BigInt(ahead)) : 0n
    return { highest: counter, used: shifted | 1n }
  }
  const late = -ahead
  if (late >= windowSize) return null
  const bit = 1n << BigInt(late)
  return (window.used & bit) === 0n ? { ...window, used: window.used | bit } : null
}
