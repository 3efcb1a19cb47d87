/** Runs `step` for each number below `count`, this many at a time. */
export const inParallel = async (
  count: number,
  atOnce: number,
  step: (index: number) => Promise<unknown>,
): Promise<void> => {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await step(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
