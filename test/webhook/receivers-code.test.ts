import { spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { attemptHeaders } from '../../src/webhook/attempt-headers.ts'
import { compatibleKey, standardSecret } from '../../src/webhook/signatures.ts'
import { verifyWebhook } from '../../src/webhook/verify-webhook.ts'
import { root } from '../boundary/source-files.ts'

interface Vector {
  readonly name: string
  readonly secret: string
  readonly former_secret?: string
  readonly timestamp: number
  readonly id: string
  readonly body: string
  readonly 'x-xumm-request-signature': string
  readonly 'webhook-signature': string
}

const guide = readFileSync(join(root, 'docs/webhooks.md'), 'utf8')
const { whsec, vectors } = JSON.parse(readFileSync(join(root, 'docs/webhook-vectors.json'), 'utf8')) as {
  whsec: string
  vectors: readonly Vector[]
}

/** What arrives, as the vector says, not as our code does. */
const headersOf = (vector: Vector): Record<string, string> => ({
  'x-xumm-request-timestamp': String(vector.timestamp),
  'x-xumm-request-signature': vector['x-xumm-request-signature'],
  'webhook-id': vector.id,
  'webhook-timestamp': String(vector.timestamp),
  'webhook-signature': vector['webhook-signature'],
})

describe.each(vectors)('the known answer "$name"', (vector) => {
  const { id, body, secret, former_secret: former, timestamp } = vector
  const now = timestamp * 1000

  it('is what is sent', () => {
    const sent = attemptHeaders({ id, payloadId: null, body }, 1, { current: secret, previous: former ?? null }, now)
    expect(sent).toMatchObject(headersOf(vector))
  })

  it('has a body that stays the same when it is parsed and serialised again', () => {
    expect(JSON.stringify(JSON.parse(body))).toBe(body)
  })

  it('is taken by verifyWebhook, with every secret that signed it', () => {
    for (const one of [secret, ...(former === undefined ? [] : [former])]) {
      expect(verifyWebhook({ headers: headersOf(vector), body, secret: one, now })).toMatchObject({ valid: true })
    }
  })

  it('is taken by the official sample, as its documentation computes it', () => {
    const json: unknown = JSON.parse(body)
    const sample = createHmac('sha1', secret.replace('-', ''))
      .update(String(timestamp) + JSON.stringify(json))
      .digest('hex')
    expect(sample).toBe(vector['x-xumm-request-signature'])
  })

  it('is taken by the Standard Webhooks library', () => {
    vi.useFakeTimers({ now })
    onTestFinished(() => void vi.useRealTimers())
    for (const one of [secret, ...(former === undefined ? [] : [former])]) {
      expect(new Webhook(standardSecret(one)).verify(body, headersOf(vector))).toEqual(JSON.parse(body))
    }
  })
})

it('the guide shows the first known answer', () => {
  const { secret, timestamp, id, ...signatures } = vectors[0]!
  const shown = [secret, whsec, compatibleKey(secret), timestamp, id, signatures['webhook-signature']]
  for (const one of [...shown, signatures['x-xumm-request-signature']]) expect(guide).toContain(`| \`${one}\` |`)
  expect(standardSecret(secret)).toBe(whsec)
})

/** How a sample of the guide is run: its code, and what reads cases from stdin and prints a list of booleans. */
const languages = {
  node: {
    command: process.execPath,
    file: 'sample.mjs',
    driver: `
import { readFileSync } from 'node:fs'
const cases = JSON.parse(readFileSync(0, 'utf8'))
console.log(JSON.stringify(cases.map(({ headers, body, secret, now }) =>
  [verifyWebhook(headers, body, secret, now), verifyCompatible(headers, body, secret, now)])))`,
  },
  python: {
    command: 'python3',
    file: 'sample.py',
    driver: `
import json, sys
print(json.dumps([[verify(case["headers"], case["body"].encode(), case["secret"], case["now"])
                   for verify in (verify_webhook, verify_compatible)] for case in json.load(sys.stdin.buffer)]))`,
  },
  php: {
    command: 'php',
    file: 'sample.php',
    driver: `
$answers = [];
foreach (json_decode(file_get_contents('php://stdin'), true) as $case) {
    $given = [$case['headers'], $case['body'], $case['secret'], $case['now']];
    $answers[] = [verify_webhook(...$given), verify_compatible(...$given)];
}
echo json_encode($answers);`,
  },
} as const

const sampleOf = (language: string): string => {
  const marked = new RegExp(`<!-- sample: ${language} -->\\n\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(guide)
  if (marked === null) throw new Error(`the guide has no sample for ${language}`)
  return marked[1]!
}

interface Case {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly secret: string
  readonly now: number
}

/** What the sample says of each: by the one signature, and by the other. */
const judge = (language: keyof typeof languages, cases: readonly Case[]): readonly [boolean, boolean][] => {
  const { command, file, driver } = languages[language]
  const folder = mkdtempSync(join(tmpdir(), 'countersign-sample-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, file), sampleOf(language) + driver)
  const { stdout, stderr } = spawnSync(command, [join(folder, file)], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return JSON.parse(stdout) as [boolean, boolean][]
}

const isHere = ({ command }: { command: string }): boolean => spawnSync(command, ['--version']).error === undefined

describe.each(Object.keys(languages) as (keyof typeof languages)[])('the sample for %s', (language) => {
  const absent = !isHere(languages[language])
  const case_ = (vector: Vector): Case => ({ ...vector, headers: headersOf(vector), now: vector.timestamp })
  const [first] = vectors as readonly [Vector]
  const without = (name: string): Record<string, string> =>
    Object.fromEntries(Object.entries(headersOf(first)).filter(([key]) => key !== name))

  it.skipIf(absent)('takes every known answer (skipped where the language is not installed)', () => {
    expect(judge(language, vectors.map(case_))).toEqual(vectors.map(() => [true, true]))
  })

  it.skipIf(absent)('takes the old secret during a rotation by the one signature that has both', () => {
    const rotation = vectors.find((vector) => vector.former_secret !== undefined)!
    expect(judge(language, [{ ...case_(rotation), secret: rotation.former_secret! }])).toEqual([[true, false]])
  })

  it.skipIf(absent)('refuses what is not genuine', () => {
    const fine = case_(first)
    const damaged: Case[] = [
      { ...fine, body: `${fine.body}\n` },
      { ...fine, secret: '11111111-2222-4333-8444-555555555555' },
      { ...fine, secret: fine.secret.replaceAll('-', '') },
      { ...fine, now: fine.now + 301 },
      { ...fine, now: fine.now - 301 },
      { ...fine, headers: {} },
      { ...fine, headers: { ...fine.headers, 'webhook-signature': '', 'x-xumm-request-signature': '' } },
      { ...fine, headers: { ...fine.headers, 'webhook-signature': 'v1,é v2,x', 'x-xumm-request-signature': 'é' } },
      { ...fine, headers: { ...fine.headers, 'webhook-timestamp': 'now', 'x-xumm-request-timestamp': '1e9' } },
    ]
    expect(judge(language, damaged)).toEqual(damaged.map(() => [false, false]))
    expect(judge(language, [{ ...fine, headers: without('webhook-id') }])).toEqual([[false, true]])
    expect(judge(language, [{ ...fine, headers: without('x-xumm-request-signature') }])).toEqual([[true, false]])
  })
})
