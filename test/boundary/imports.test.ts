import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, posix } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { isTest, root, sourceFiles } from './source-files.ts'

/**
 * The layers of `src/`, lowest first. A unit is a folder or a single file of `src/`; it may import what lies in lower
 * layers and what lies in itself, and nothing beside or above it.
 */
const layers = [
  ['clock', 'database-unavailable', 'json', 'refusals', 'uuid'],
  ['backoff', 'periodic-task', 'shutdown', 'sound-text'],
  ['ledger', 'application', 'device'],
  ['payload', 'virtual-wallet'],
  ['live', 'payload-wire'],
  ['webhook'],
  ['storage'],
  ['http'],
  ['developer-api', 'wallet-api', 'admin-api', 'sign-page', 'console', 'operations'],
  ['configuration'],
  ['fellowship', 'foundation'],
  ['create-server'],
  ['workers'],
  ['index', 'testing'],
  ['cli'],
]

/** Units that may import less than their layer allows. The virtual wallet has no back door: it speaks HTTP. */
const narrower: Record<string, readonly string[]> = {
  'virtual-wallet': ['clock', 'json', 'refusals', 'ledger'],
}

/** Units that only these others may import: whoever else wants them takes a contract from the composition root. */
const importedOnlyBy: Record<string, readonly string[]> = {
  storage: ['foundation', 'create-server', 'cli'],
  foundation: ['create-server', 'workers', 'cli'],
  'create-server': ['index', 'testing', 'workers', 'cli'],
}

/** Packages that belong to one capability; the others take its contract. */
const packagesOf: Record<string, readonly string[]> = {
  kysely: ['storage'],
  'better-sqlite3': ['storage'],
  pg: ['storage'],
  commander: ['cli'],
  uqr: ['sign-page'],
  // as a client of ledger nodes; status sockets are our own (docs/decisions/0013-our-own-socket-protocol.md)
  ws: ['ledger'],
  '@redis/client': ['live'],
  'ripple-binary-codec': ['ledger', 'virtual-wallet'],
  '@transia/ripple-binary-codec': ['ledger'],
}

interface Import {
  readonly from: string
  readonly to: string
}

const files = sourceFiles('src')
const program = files.filter((file) => !isTest(file))
const imports: Import[] = program.flatMap((file) =>
  ts.preProcessFile(file.text, true, true).importedFiles.map(({ fileName }) => ({
    from: file.path,
    to: fileName.startsWith('.') ? posix.join(posix.dirname(file.path), fileName) : fileName,
  })),
)
const isLocal = (path: string): boolean => path.startsWith('src/')
const unitOf = (path: string): string => path.split('/')[1]!.replace(/\.ts$/, '')
const layerOf = (unit: string): number => layers.findIndex((layer) => layer.includes(unit))
const arrow = ({ from, to }: Import): string => `${from} -> ${to}`
const local = imports.filter(({ to }) => isLocal(to))
const packages = imports
  .filter(({ to }) => !isLocal(to) && !isBuiltin(to))
  .map((one) => ({ ...one, to: one.to.split('/', one.to.startsWith('@') ? 2 : 1).join('/') }))

describe('imports of src', () => {
  it('know a layer for every unit', () => {
    expect(program.map((file) => unitOf(file.path)).filter((unit) => layerOf(unit) === -1)).toEqual([])
  })

  it('go downwards only', () => {
    const upwards = local.filter(({ from, to }) => {
      const [importer, imported] = [unitOf(from), unitOf(to)]
      return importer !== imported && layerOf(imported) >= layerOf(importer)
    })
    expect(upwards.map(arrow)).toEqual([])
  })

  it('are narrower where a unit says so', () => {
    const tooWide = local.filter(({ from, to }) => {
      const allowed = narrower[unitOf(from)]
      return allowed !== undefined && unitOf(from) !== unitOf(to) && !allowed.includes(unitOf(to))
    })
    expect(tooWide.map(arrow)).toEqual([])
  })

  it('leave concrete implementations to the composition root', () => {
    const around = local.filter(({ from, to }) => {
      const allowed = importedOnlyBy[unitOf(to)]
      return allowed !== undefined && unitOf(from) !== unitOf(to) && !allowed.includes(unitOf(from))
    })
    expect(around.map(arrow)).toEqual([])
  })

  it('make no cycles between files', () => {
    const graph = Map.groupBy(local, ({ from }) => from)
    const done = new Set<string>()
    const cycleFrom = (path: string, trail: readonly string[]): string[] | null => {
      if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path]
      if (done.has(path)) return null
      for (const { to } of graph.get(path) ?? []) {
        const cycle = cycleFrom(to, [...trail, path])
        if (cycle !== null) return cycle
      }
      done.add(path)
      return null
    }
    expect(program.map((file) => cycleFrom(file.path, [])).find((cycle) => cycle !== null)).toBeUndefined()
  })

  it('stay inside src and never reach a test', () => {
    const outside = imports.filter(({ to }) => to.endsWith('.test.ts') || /^(test|bench|demo|docs)\//.test(to))
    expect(outside.map(arrow)).toEqual([])
  })

  it('take only packages that are installed with the product', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>
      optionalDependencies?: Record<string, string>
    }
    const installed = { ...manifest.dependencies, ...manifest.optionalDependencies }
    expect(packages.filter(({ to }) => !Object.hasOwn(installed, to)).map(arrow)).toEqual([])
  })

  it('keep a package to the capability it belongs to', () => {
    const strayed = packages.filter(({ from, to }) => packagesOf[to]?.includes(unitOf(from)) === false)
    expect(strayed.map(arrow)).toEqual([])
  })

  it('name built-in modules with the node: prefix', () => {
    expect(imports.filter(({ to }) => isBuiltin(to) && !to.startsWith('node:')).map(arrow)).toEqual([])
  })
})
