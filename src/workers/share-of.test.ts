import { expect, it } from 'vitest'
import { readConfiguration } from '../configuration/configuration.ts'
import { shareOf } from './share-of.ts'

it("gives each worker its part of the node's sockets, and all of every other limit", () => {
  const environment = { PUBLIC_URL: 'https://sign.test', WORKERS: '3', SOCKETS_PER_NODE: '1000' }
  const configuration = readConfiguration('serve', environment)
  expect(shareOf(configuration)).toEqual({ ...configuration, socketsPerNode: 334, socketsPerAddressOnNode: 1667 })
})
