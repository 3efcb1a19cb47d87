import { defineConfig } from 'vitest/config'
import { SummaryReporter } from './test/summary-reporter.ts'

/** Kill and fault tests: they start and end processes of their own, one file at a time. */
export default defineConfig({
  test: {
    include: ['test/fault/**/*.test.ts'],
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 120_000,
    reporters: ['default', new SummaryReporter()],
  },
})
