import { existsSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { DialectName } from '../load/dialects.ts'
import { nchanConfiguration } from '../peers/nchan.ts'
import { removeTemporaryFolder, temporaryFolder } from '../temporary-folder.ts'
import { nodeCommand, startMeasured } from './measured-process.ts'
import { listening, runningServer, type Subject } from './subject.ts'

const folder = join(import.meta.dirname, '../peers')
const bun = join(folder, 'node_modules/.bin/bun')
const nchanModule = '/usr/lib/nginx/modules/ngx_nchan_module.so'

const unless = (path: string, command: string): string | null => (existsSync(path) ? null : `not installed: ${command}`)
const npmInstall = 'npm install --prefix bench/peers'

/** Other servers for live status, each in its own way of doing it. */
export const peers = (keepaliveSeconds = 15): Subject[] => {
  const environment = { KEEPALIVE_SECONDS: `${keepaliveSeconds}` }
  const started = async (command: readonly string[], dialect: DialectName) => {
    const process = await startMeasured({ command, environment, ready: listening, collects: true })
    return runningServer(process, process.said[1]!, { dialect })
  }
  return [
    {
      name: 'Socket.IO',
      role: 'peer',
      missing: unless(join(folder, 'node_modules/socket.io'), npmInstall),
      start: () => started(nodeCommand(join(folder, 'socket-io.ts')), 'socket.io'),
    },
    {
      name: 'Bun',
      role: 'peer',
      missing: unless(bun, npmInstall),
      start: () => started([bun, join(folder, 'bun.ts')], 'plain'),
    },
    {
      name: 'nchan',
      role: 'peer',
      missing: unless(nchanModule, 'apt-get install nginx libnginx-mod-nchan'),
      start: () => startNchan(keepaliveSeconds),
    },
  ]
}

const startNchan: (keepaliveSeconds: number) => ReturnType<Subject['start']> = async (keepaliveSeconds) => {
  const files = temporaryFolder()
  const port = await freePort()
  writeFileSync(join(files, 'nginx.conf'), nchanConfiguration(files, port, keepaliveSeconds))
  // it says nothing when it is ready: the shell says that it begins, and then it is asked
  const command = ['sh', '-c', `echo begins; exec nginx -p ${files} -c ${files}/nginx.conf`]
  const process = await startMeasured({ command, ready: /begins/, collects: false })
  const url = `http://127.0.0.1:${port}`
  while (!(await answers(url))) await setTimeout(20)
  return runningServer(process, url, {
    dialect: 'nchan',
    cleanUp: () => removeTemporaryFolder(files),
  })
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  )

const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
