import { expect, it } from 'vitest'

it('the package exports what its index lists, and nothing by accident', async () => {
  const surface = await import('../../src/index.ts')
  expect(Object.keys(surface).sort()).toEqual([
    'ConfigurationError',
    'createServer',
    'describeRefusal',
    'isRefusal',
    'readConfiguration',
    'refusals',
  ])
})

it('the test kit exports one way to start a server', async () => {
  const kit = await import('../../src/testing.ts')
  expect(Object.keys(kit).sort()).toEqual(['startTestServer'])
})
