import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { root, run, startCountersign, urlOf } from '../countersign-process.ts'

/** Within the checkout, so that the packages it depends on are found. */
const parent = join(root, 'node_modules/.cache')
mkdirSync(parent, { recursive: true })
const folder = mkdtempSync(join(parent, 'package-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('serves its pages from the published package, without the sources', { timeout: 60_000 }, async () => {
  const bundler = join(root, 'node_modules/rolldown/bin/cli.mjs')
  const built = await run(process.execPath, [bundler, '-c', 'rolldown.config.ts', '-d', join(folder, 'dist')])
  expect(built.status, built.stderr).toBe(0)
  for (const part of ['bin', 'web', 'package.json']) cpSync(join(root, part), join(folder, part), { recursive: true })

  const environment = { HOST: '127.0.0.1', PORT: '0', DRAIN_SECONDS: '0' }
  const server = startCountersign(['dev'], { environment, folder, package: folder })
  const url = await urlOf(server)
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  expect((await fetch(`${url}/sign/00000000-0000-4000-8000-000000000000`)).headers.get('content-type')).toMatch(
    'text/html',
  )
  server.send('SIGTERM')
  expect(await server.ended).toEqual({ status: 0, signal: null })
})
