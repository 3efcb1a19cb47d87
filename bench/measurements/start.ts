import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Measurement } from '../bench.ts'
import { atMost, median } from '../figures.ts'
import { startMeasured } from '../servers/measured-process.ts'
import { listening, runningServer, type Subject } from '../servers/subject.ts'
import { removeTemporaryFolder, temporaryFolder } from '../temporary-folder.ts'

const root = join(import.meta.dirname, '../..')
/** Starts in each round. */
const starts = 5

/** Every start is in an empty folder, with nothing set but where it listens: it makes its database and its keys. */
export const start: Measurement = {
  about: 'from the start of the process to listening: embedded default, empty folder',
  run: async (bench) => {
    const work = temporaryFolder()
    try {
      const packaged = makePackage(join(work, 'package'))
      const serve = (program: string, cache: string, name: string): Subject => ({
        name,
        role: 'ours',
        missing: null,
        start: async () => {
          const folder = mkdtempSync(join(work, 'empty-'))
          const process = await startMeasured({
            command: [globalThis.process.execPath, program, 'serve', ...bench.options.serve],
            environment: { HOST: '127.0.0.1', PORT: '0', DRAIN_SECONDS: '0', NODE_COMPILE_CACHE: cacheOf(cache) },
            folder,
            ready: /"listening":"(http:[^"]+)".*\n/,
            collects: false,
          })
          return runningServer(process, process.said[1]!)
        },
      })
      const cacheOf = (name: string): string => (name === '' ? mkdtempSync(join(work, 'cache-')) : join(work, name))
      const floor: Subject = {
        name: 'fastify, one insert',
        role: 'floor',
        missing: null,
        start: async () => {
          const command = [globalThis.process.execPath, join(root, 'bench/floors/sqlite.ts')]
          const environment = { DATABASE: join(mkdtempSync(join(work, 'floor-')), 'floor.db') }
          const process = await startMeasured({ command, environment, ready: listening, collects: false })
          return runningServer(process, process.said[1]!)
        },
      }
      const subjects = [
        serve(packaged, 'package-cache', 'countersign, as installed'),
        serve(packaged, '', 'countersign, as installed, first'),
        serve(join(root, 'bin/countersign.js'), 'checkout-cache', 'countersign, from a checkout'),
        floor,
      ]
      // fills the caches
      for (const subject of subjects) await (await subject.start()).stop()
      const ready = { what: 'process start to listening', unit: 'ms', goal: atMost(500) }
      return await bench.compare(subjects, { ready }, async (subject) => {
        const times: number[] = []
        for (let n = 0; n < starts; n++) {
          const server = await subject.start()
          times.push(server.process.startTime)
          await server.stop()
        }
        return { ready: median(times) }
      })
    } finally {
      removeTemporaryFolder(work)
    }
  },
}

/** What `npm pack` would hold, as far as it is run, beside the packages of this checkout. @returns its program */
const makePackage = (folder: string): string => {
  const bundler = join(root, 'node_modules/rolldown/bin/cli.mjs')
  const bundling = [bundler, '-c', 'rolldown.config.ts', '-d', join(folder, 'dist'), '--log-level', 'silent']
  execFileSync(process.execPath, bundling, { cwd: root })
  for (const part of ['bin', 'web', 'package.json']) cpSync(join(root, part), join(folder, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return join(folder, 'bin/countersign.js')
}
