import type { Reporter, TestModule } from 'vitest/node'

/** Closes a run with the slowest files and one plain line, for whoever reads a log instead of a terminal. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state !== 'pending') counts[state] += 1
      }
      // a file that did not even load has no test that failed
      if (!module.ok() && module.errors().length > 0) counts.failed += 1
    }
    const times = modules.map((module) => ({ file: module.relativeModuleId, ms: module.diagnostic().duration }))
    console.log('\nseconds per file')
    for (const { file, ms } of times.sort((a, b) => b.ms - a.ms))
      console.log(`${(ms / 1000).toFixed(1).padStart(7)}  ${file}`)
    console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  }
}
