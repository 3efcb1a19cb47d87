import { Bench } from './bench.ts'
import { thisMachine } from './machine.ts'
import { measurements } from './measurements.ts'
import { readOptions, type Options } from './options.ts'
import { keepResult } from './result.ts'
import { tableOf } from './table.ts'

/** `npm run bench -- memory pings`: takes these measurements, one after the other. */
const optionsOrUsage = (): Options => {
  try {
    const options = readOptions(process.argv.slice(2))
    const unknown = options.names.find((name) => !Object.hasOwn(measurements, name))
    if (unknown !== undefined) throw new Error(`There is no measurement "${unknown}".`)
    if (options.names.length === 0) throw new Error('Name what shall be measured.')
    return options
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error('\nnpm run bench -- NAME… [--small] [--rounds 3] [--only bare,countersign] [--sockets 1000,10000]')
    console.error('                       [--seconds N] [--payloads N] [--serve "--workers 2"]\n')
    for (const [name, { about }] of Object.entries(measurements)) console.error(`  ${name.padEnd(14)}${about}`)
    process.exit(1)
  }
}

// what was started is ended on the way out
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const options = optionsOrUsage()
const machine = thisMachine()
const { NODE_OPTIONS: nodeOptions } = process.env
const flags = nodeOptions === undefined ? [] : [`NODE_OPTIONS=${nodeOptions}`]
console.log(Object.values(machine).join(', '))
for (const name of options.names) {
  const bench = new Bench(options)
  const figures = await measurements[name]!.run(bench)
  const result = {
    measurement: name,
    takenAt: new Date().toISOString(),
    command: [...flags, 'npm run bench --', ...process.argv.slice(2)].join(' '),
    machine,
    loadGeneratorBusy: bench.busyness.highest,
    figures,
    notes: bench.notes,
  }
  console.log(`\n${name}: ${measurements[name]!.about}${tableOf(result)}`)
  console.error(`\nkept as ${keepResult(result)}`)
}
