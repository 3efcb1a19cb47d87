import { writeFileSync } from 'node:fs'
import { configurationPage } from './configuration-page.ts'
import { performanceChart } from './performance-chart.ts'
import { keptResults, performancePage } from './performance-page.ts'

const write = (name: string, text: string): void => writeFileSync(new URL(`./${name}`, import.meta.url), text)

write('configuration.md', configurationPage())
write('performance.md', performancePage(keptResults()))
write('performance.svg', performanceChart(keptResults()))
