import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { performanceChart } from '../../docs/performance-chart.ts'
import { keptResults, performancePage } from '../../docs/performance-page.ts'

const read = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')

it('docs/performance.md and its chart are what docs/performance.json says (npm run docs makes them)', () => {
  expect(read('performance.md')).toBe(performancePage(keptResults()))
  expect(read('performance.svg')).toBe(performanceChart(keptResults()))
})
