/** The load generator: a process that does what it is told over IPC, one thing after the other. `load.ts` is its other end. */
import { tellCrowds, type CrowdsRequest } from './crowds.ts'
import { runLifecycles, runPublishes, type LifecyclesRequest } from './lifecycles.ts'
import { sendPings, type PingRequest } from './pings.ts'
import { Receivers } from './receivers.ts'
import { sendRequests, type RequestsRequest } from './requests.ts'
import { Swarm, type ConnectRequest } from './swarm.ts'
import { Wallets } from './wallets.ts'

const swarm = new Swarm()
const wallets = new Wallets()
const receivers = new Receivers()

const jobs = {
  connect: (request: ConnectRequest) => swarm.connect(request),
  /** @returns how many sockets the server had ended before */
  leave: async () => {
    swarm.leave()
    return swarm.gone
  },
  ping: (request: PingRequest) => sendPings(swarm, request),
  publish: (request: LifecyclesRequest) => runPublishes(swarm, request),
  registerWallets: (request: { readonly url: string; readonly count: number }) =>
    wallets.register(request.url, request.count),
  lifecycles: (request: LifecyclesRequest) => runLifecycles(swarm, wallets, request),
  tellCrowds: (request: CrowdsRequest) => tellCrowds(swarm, wallets, request),
  requests: (request: RequestsRequest) => sendRequests(wallets, request),
  receive: (request: { readonly count: number; readonly delay: number }) => receivers.start(request),
  receivedRate: (request: { readonly count: number; readonly seconds: number }) => receivers.rateOf(request),
  stopReceiving: async () => receivers.stop(),
}

export type Jobs = typeof jobs

export interface JobRequest {
  readonly job: keyof Jobs
  readonly request: unknown
}

export type JobAnswer = { readonly result: unknown; readonly busy: number } | { readonly fault: string }

const run = async ({ job, request }: JobRequest): Promise<JobAnswer> => {
  const [cpuBefore, begin] = [process.cpuUsage(), performance.now()]
  try {
    // what each job takes is checked where it is asked for
    const result = await (jobs[job] as (request: unknown) => Promise<unknown>)(request)
    const { user, system } = process.cpuUsage(cpuBefore)
    return { result, busy: (user + system) / 1_000 / (performance.now() - begin) }
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

process.on('message', (request: JobRequest) => void run(request).then((answer) => process.send!(answer)))
process.on('disconnect', () => process.exit(0))
