import { expect, it } from 'vitest'
import { systemResolver } from './resolve-name.ts'

it('asks for a name once at a time, and anew afterwards', async () => {
  const resolve = systemResolver()
  const asked = resolve('localhost')
  expect(resolve('localhost')).toBe(asked)
  expect(await asked).toContain('127.0.0.1')
  expect(resolve('localhost')).not.toBe(asked)
})

it('lets everybody know who waits that there is no such name', async () => {
  const resolve = systemResolver()
  const waiting = [resolve('no-such-host.invalid'), resolve('no-such-host.invalid')]
  for (const one of waiting) await expect(one).rejects.toHaveProperty('code', expect.stringMatching(/^E/))
})
