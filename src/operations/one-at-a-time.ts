/** Who asks while an answer is on its way gets that one. */
export const oneAtATime = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let asked: Promise<T> | null = null
  return () =>
    (asked ??= ask().finally(() => {
      asked = null
    }))
}
