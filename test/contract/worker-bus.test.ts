import { workerBuses } from '../worker-buses.ts'
import { busContract } from './bus.suite.ts'

busContract('what workers share', async (count) => {
  const { workers, close } = workerBuses(count)
  return { nodes: workers.map(({ bus }) => bus), close: async () => close() }
})
