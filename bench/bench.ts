import { setTimeout } from 'node:timers/promises'
import { median, type Figure, type Goal, type Row } from './figures.ts'
import { Busyness, startLoad, type Load } from './load/load.ts'
import type { Options } from './options.ts'
import type { RunningServer, Subject } from './servers/subject.ts'

/** What a figure is called, before anything is measured. */
export interface Definition {
  readonly what: string
  readonly unit: string
  readonly goal?: Goal
}

/** One run of one measurement. */
export interface Measurement {
  /** One line for the list of measurements. */
  readonly about: string
  readonly run: (bench: Bench) => Promise<Figure[]>
}

/** What a measurement measures with. */
export class Bench {
  readonly options: Options
  readonly busyness = new Busyness()
  readonly notes: string[] = []

  constructor(options: Options) {
    this.options = options
  }

  /** A word beside the figures: what is missing, what else was seen. */
  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text)
  }

  /** As asked for, else one size for looking whether it works, or one for figures. */
  size(option: 'seconds' | 'payloads', small: number, full: number): number {
    return this.options[option] ?? (this.options.small ? small : full)
  }

  sockets(small: readonly number[], full: readonly number[]): readonly number[] {
    return this.options.sockets ?? (this.options.small ? small : full)
  }

  /** Runs work with a load generator of its own. */
  async withLoad<T>(work: (load: Load) => Promise<T>): Promise<T> {
    const load = startLoad(this.busyness)
    try {
      return await work(load)
    } finally {
      await load.stop()
    }
  }

  /** Runs work on a fresh server of this subject, with a load generator whose sockets leave when it is done. */
  async onServer<T>(subject: Subject, work: (server: RunningServer, load: Load) => Promise<T>): Promise<T> {
    const server = await subject.start()
    try {
      return await this.withLoad(async (load) => {
        const answer = await work(server, load)
        const gone = await load.run('leave', undefined)
        if (gone > 0) this.note(`${subject.name} ended ${gone} sockets`)
        return answer
      })
    } finally {
      await server.stop()
    }
  }

  /**
   * Measures every subject in every round, in turns; who begins changes from round to round. What a subject does not have
   * is left out of its answer. A peer that fails is named; ours or a floor ends the run.
   */
  async compare<Key extends string>(
    subjects: readonly Subject[],
    definitions: Readonly<Record<Key, Definition>>,
    measure: (subject: Subject, round: number) => Promise<Partial<Record<Key, number>>>,
  ): Promise<Figure[]> {
    const taking = subjects.filter((subject) => this.#takesPart(subject))
    const answers = new Map(taking.map((subject) => [subject, [] as Partial<Record<Key, number>>[]]))
    for (let round = 0; round < this.options.rounds; round++) {
      const turn = round % Math.max(1, taking.length)
      for (const subject of [...taking.slice(turn), ...taking.slice(0, turn)]) {
        console.error(`round ${round + 1} of ${this.options.rounds}: ${subject.name}`)
        try {
          answers.get(subject)!.push(await measure(subject, round))
        } catch (error) {
          if (subject.role !== 'peer') throw error
          this.note(`${subject.name} failed: ${error instanceof Error ? error.message.split('\n')[0]! : String(error)}`)
        }
        // what the last one left behind in the kernel is cleared away
        await setTimeout(500)
      }
    }
    return (Object.entries(definitions) as [Key, Definition][]).map(([key, { what, unit, goal }]) => ({
      what,
      unit,
      goal: goal ?? null,
      rows: taking.flatMap((subject) =>
        rowOf(
          subject,
          answers.get(subject)!.map((answer) => answer[key]),
        ),
      ),
    }))
  }

  #takesPart({ name, missing }: Subject): boolean {
    const { only } = this.options
    if (only.length > 0 && !only.some((part) => name.toLowerCase().includes(part.toLowerCase()))) return false
    if (missing !== null) this.note(`${name}: ${missing}`)
    return missing === null
  }
}

const rowOf = ({ name, role }: Subject, answers: readonly (number | undefined)[]): Row[] => {
  const rounds = answers.filter((answer) => answer !== undefined)
  return rounds.length === 0 ? [] : [{ subject: name, role, rounds, median: median(rounds) }]
}
