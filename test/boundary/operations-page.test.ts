import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { isTest, root, sourceFiles } from './source-files.ts'

const page = readFileSync(join(root, 'docs/operations.md'), 'utf8')
const alerts = readFileSync(join(root, 'deploy/alerts.yaml'), 'utf8')

/** Rows that begin with a metric; a name may end in `*`. */
const rows = [
  ...page.matchAll(/^\| `((?:countersign|process|nodejs)_\w+\*?)(?:\{[\w,]+\})?` \| (.*) \| (.*) \|$/gm),
].map(([, name, ...texts]) => ({ name: name!, texts }))
const speaksOf = (row: { name: string }, metric: string): boolean =>
  row.name.endsWith('*') ? metric.startsWith(row.name.slice(0, -1)) : metric === row.name

describe('metrics', () => {
  let server: TestServer
  /** What a real server exposes, by name. */
  let exposed: Map<string, string>

  beforeAll(async () => {
    server = await startTestServer({ mode: 'serve' })
    const text = await (await fetch(`${server.url}/metrics`)).text()
    exposed = new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => [name!, type!]))
  })
  afterAll(() => server.close())

  it('are on the page of operations, each of ours by its own name', () => {
    const missing = [...exposed.keys()].filter((metric) => {
      const speaking = rows.filter((row) => speaksOf(row, metric))
      return speaking.length !== 1 || (metric.startsWith('countersign_') && speaking[0]!.name !== metric)
    })
    expect(missing).toEqual([])
  })

  it('are exposed when the page has them', () => {
    const invented = rows.filter((row) => ![...exposed.keys()].some((metric) => speaksOf(row, metric)))
    expect(invented.map(({ name }) => name)).toEqual([])
  })

  it('are explained there, and what to do, in whole sentences', () => {
    const speechless = rows.filter(({ texts }) => !texts.every((text) => /^[A-Z`\d].*\.$/.test(text)))
    expect(speechless.map(({ name }) => name)).toEqual([])
  })

  it('say in which unit they are, and that counters are counters', () => {
    const ours = [...exposed].filter(([name]) => name.startsWith('countersign_'))
    expect(ours.filter(([name, type]) => (type === 'counter') !== name.endsWith('_total'))).toEqual([])
  })

  it('that alerts ask for are exposed', () => {
    const asked = [...alerts.matchAll(/\b(countersign|process|nodejs)_[a-z\d_]+/g)]
    const parts = /_(bucket|count|sum)$/
    const unknown = asked
      .map(([name]) => name)
      .filter((name) => {
        const metric = exposed.get(name.replace(parts, '')) === 'histogram' ? name.replace(parts, '') : name
        return !exposed.has(metric)
      })
    expect(asked.length).toBeGreaterThan(8)
    expect(unknown).toEqual([])
  })
})

it('the page of operations says the first steps for every alert there is', () => {
  const there = [...alerts.matchAll(/- alert: (\w+)/g)].map(([, name]) => name!)
  const explained = [...page.matchAll(/^\| `(Countersign\w+)` \|/gm)].map(([, name]) => name!)
  expect(explained).toEqual(there)
})

it('the page of operations quotes the log as it is written', () => {
  const [, table] = /^\| `msg` \| when \|\n.*\n((?:\|.*\n)+)/m.exec(page)!
  const quoted = [...table!.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`([^`]+)`/g)])
  const sources = sourceFiles('src').filter((file) => !isTest(file))
  const neverWritten = quoted
    .map(([, text]) => text!)
    .filter((text) => !sources.some((file) => file.text.includes(text)))
  expect(quoted.length).toBeGreaterThan(8)
  expect(neverWritten).toEqual([])
})
