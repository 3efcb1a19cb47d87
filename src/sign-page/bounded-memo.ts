/**
 * `make` with the last `limit` results kept, so that whoever asks for one thing again and again costs a look-up. For
 * pure functions of one string.
 */
export const boundedMemo = <T>(limit: number, make: (key: string) => T): ((key: string) => T) => {
  const kept = new Map<string, T>()
  return (key) => {
    const value = kept.has(key) ? kept.get(key)! : make(key)
    // a map keeps the order of insertion: what was asked for last is at the end, what goes is at the start
    kept.delete(key)
    kept.set(key, value)
    if (kept.size > limit) kept.delete(kept.keys().next().value!)
    return value
  }
}
