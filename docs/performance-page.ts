import { readFileSync } from 'node:fs'
import type { Result } from '../bench/result.ts'
import { performanceFigures } from './performance-figures.ts'

const read = (name: string): string => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8')

/** What `npm run bench:keep` kept. */
export const keptResults = (): Result[] => JSON.parse(read('performance.json')) as Result[]

const begin = '<!-- figures, made by npm run docs -->\n'
const end = '<!-- end of figures -->\n'

/** The page as it is, with the figures that were kept. */
export const performancePage = (results: readonly Result[]): string => {
  const page = read('performance.md')
  const [before, after] = [page.indexOf(begin) + begin.length, page.indexOf(end)]
  return `${page.slice(0, before)}\n${performanceFigures(results)}\n${page.slice(after)}`
}
