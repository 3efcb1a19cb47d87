import type { Measurement } from './bench.ts'
import { connect } from './measurements/connect.ts'
import { createsPostgres, createsSqlite } from './measurements/creates.ts'
import { crowd } from './measurements/crowd.ts'
import { deadReceiver } from './measurements/dead-receiver.ts'
import { keepalive } from './measurements/keepalive.ts'
import { lifecycles } from './measurements/lifecycles.ts'
import { memory } from './measurements/memory.ts'
import { pings } from './measurements/pings.ts'
import { reconcile } from './measurements/reconcile.ts'
import { resolutions } from './measurements/resolutions.ts'
import { sizePostgres, sizeSqlite } from './measurements/size.ts'
import { sockets } from './measurements/sockets.ts'
import { start } from './measurements/start.ts'
import { topics } from './measurements/topics.ts'
import { twoNodesAlone, twoNodesRedis } from './measurements/two-nodes.ts'
import { webhooks } from './measurements/webhooks.ts'

/** Everything that can be measured, by the name it is asked for. */
export const measurements: Readonly<Record<string, Measurement>> = {
  memory,
  sockets,
  keepalive,
  pings,
  connect,
  lifecycles,
  'two-nodes-redis': twoNodesRedis,
  'two-nodes-alone': twoNodesAlone,
  crowd,
  creates: createsSqlite,
  'creates-postgres': createsPostgres,
  resolutions,
  webhooks,
  'dead-receiver': deadReceiver,
  'size-sqlite': sizeSqlite,
  'size-postgres': sizePostgres,
  topics,
  reconcile,
  start,
}
