import { defineConfig } from 'vitest/config'

/** Kill and fault tests: they start and end processes of their own, one file at a time. */
export default defineConfig({
  test: {
    include: ['test/fault/**/*.test.ts'],
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 120_000,
    reporters: ['default'],
  },
})
