import { cpus, totalmem } from 'node:os'
import { measureCreates } from './create.ts'
import { heading } from './figures.ts'
import { measureIdleSockets } from './idle-sockets.ts'
import { measureDeadReceiver } from './dead-receiver.ts'
import { measureReconciliation } from './reconcile.ts'
import { measureResolveToFrame } from './resolve-to-frame.ts'
import { measureStatusSockets } from './status-sockets.ts'

/** `npm run bench`, or `npm run bench -- create` for one of them. */
const measurements: Readonly<Record<string, () => Promise<string[]>>> = {
  create: measureCreates,
  frames: measureResolveToFrame,
  idle: measureIdleSockets,
  reconcile: measureReconciliation,
  sockets: measureStatusSockets,
  webhooks: measureDeadReceiver,
}

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !Object.hasOwn(measurements, name))
if (unknown !== undefined) {
  console.error(`There is no measurement "${unknown}"; there are: ${Object.keys(measurements).join(', ')}.`)
  process.exit(1)
}

const processors = cpus()
const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`
console.log(`${processors.length} x ${processors[0]?.model ?? 'unknown'}, ${memory}, Node ${process.version}, SQLite\n`)
console.log(heading)
for (const [name, measure] of Object.entries(measurements)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  for (const figure of await measure()) console.log(figure)
}
