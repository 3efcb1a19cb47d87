import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { violations } from '../../src/live/socket/violation.ts'
import { closeCodes } from '../../src/live/status-socket.ts'
import { refusals } from '../../src/refusals.ts'
import { isTest, root, sourceFiles } from './source-files.ts'

const page = readFileSync(join(root, 'docs/errors.md'), 'utf8')

/** The rows that begin with a reason. */
const rows = page
  .split('\n')
  .filter((line) => /^\| `\w+` \|/.test(line))
  .map((line) => {
    const [reason, code, status, ...texts] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
    return { reason: reason!.slice(1, -1), code: Number(code), status: Number(status), texts }
  })

const catalogue = Object.entries(refusals).map(([reason, { code, status }]) => ({ reason, code, status }))
const byReason = (one: { reason: string }, other: { reason: string }): number => (one.reason < other.reason ? -1 : 1)

describe('the page of errors', () => {
  it('names the reasons of the catalogue, each once, with the same numbers', () => {
    const documented = rows.map(({ reason, code, status }) => ({ reason, code, status }))
    expect(documented.toSorted(byReason)).toEqual(catalogue.toSorted(byReason))
  })

  it('says of each reason what it means and what to do, in whole sentences', () => {
    const speechless = rows.filter(
      ({ texts }) => texts.length !== 2 || !texts.every((text) => /^[A-Z`\d].*\.$/.test(text)),
    )
    expect(speechless.map(({ reason }) => reason)).toEqual([])
  })

  it('says with which codes the status socket is closed', () => {
    const documented = [...page.matchAll(/^\| (1\d{3}) \|/gm)].map(([, code]) => Number(code))
    const given = new Set<number>([...Object.values(closeCodes), ...Object.values(violations)])
    expect(documented).toEqual([...given].toSorted())
  })
})

it('the catalogue has no reason that is never given', () => {
  const sources = sourceFiles('src').filter((file) => !isTest(file) && file.path !== 'src/refusals.ts')
  const unused = catalogue.filter(
    ({ reason }) => !sources.some(({ text }) => text.includes(`'${reason}'`) || text.includes(`refusals.${reason}`)),
  )
  expect(unused.map(({ reason }) => reason)).toEqual([])
})
