import { join } from 'node:path'
import { removeTemporaryFolder, temporaryFolder } from '../temporary-folder.ts'
import { nodeCommand, startMeasured } from './measured-process.ts'
import { runningServer, type RunningServer, type Subject } from './subject.ts'

export type Environment = Readonly<Record<string, string>>

const program = join(import.meta.dirname, '../../bin/countersign.js')

/** `countersign serve`, as operators run it. Its working folder is empty and its own. */
export const startCountersign = async (
  environment: Environment,
  args: readonly string[] = [],
): Promise<RunningServer> => {
  const folder = temporaryFolder()
  const process = await startMeasured({
    command: nodeCommand(program, 'serve', ...args),
    environment: { HOST: '127.0.0.1', PORT: '0', DRAIN_SECONDS: '0', SHUTDOWN_SECONDS: '2', ...environment },
    folder,
    ready: /"listening":"(http:[^"]+)".*\n/,
    collects: true,
  })
  return runningServer(process, process.said[1]!, {
    cleanUp: () => removeTemporaryFolder(folder),
  })
}

export const countersign = (
  environment: () => Environment,
  { name = 'countersign', args = [] }: { readonly name?: string; readonly args?: readonly string[] } = {},
): Subject => ({
  name,
  role: 'ours',
  missing: null,
  start: () => startCountersign(environment(), args),
})
