/** `npm run bench:keep`: takes the last results into docs/performance.json, each in place of what was there of its kind. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measurements } from './measurements.ts'
import { resultsFolder, type Result } from './result.ts'

const kept = join(import.meta.dirname, '../docs/performance.json')

const before = existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as Result[]) : []
const taken = readdirSync(resultsFolder).map(
  (name) => JSON.parse(readFileSync(join(resultsFolder, name), 'utf8')) as Result,
)
const small = taken.filter(({ command }) => command.includes('--small'))
for (const { measurement } of small) console.log(`left out, since it was small: ${measurement}`)
const results = new Map(
  [...before, ...taken.filter((one) => !small.includes(one))].map((one) => [one.measurement, one]),
)
const inOrder = Object.keys(measurements).flatMap((name) => results.get(name) ?? [])
writeFileSync(kept, `${JSON.stringify(inOrder, null, 2)}\n`)
console.log(`docs/performance.json holds ${inOrder.map(({ measurement }) => measurement).join(', ')}`)
