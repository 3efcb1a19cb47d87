import { memoryNetwork } from '../memory-network.ts'
import { busContract } from './bus.suite.ts'

busContract('memory', async (count) => {
  const nodes = memoryNetwork(count)
  return {
    nodes,
    close: async () => {
      for (const node of nodes) await node.close()
    },
  }
})
