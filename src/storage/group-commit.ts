/**
 * One writer for many: requests that arrive together share one commit, and with it one wait for the disk.
 *
 * Each has a savepoint of its own, so that one that fails takes back only what it wrote. All are answered after the
 * commit; when that fails, all get its error.
 */
export class GroupCommit {
  readonly #connection: WriterConnection
  readonly #maxBatch: number
  #waiting: Job[] = []
  #working: Promise<void> | null = null
  #closed = false

  /** @param maxBatch how many requests share a commit at most; it bounds how long the first waits for the last */
  constructor(connection: WriterConnection, maxBatch = 128) {
    this.#connection = connection
    this.#maxBatch = maxBatch
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('The database is closed.'))
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work: async () => accepted(resolve, await work()), reject })
      this.#working ??= this.#workOff()
    })
  }

  /** What was asked for before is finished first. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#working
  }

  async #workOff(): Promise<void> {
    while (this.#waiting.length > 0) {
      // one turn of the event loop, in which others arrive
      await new Promise((resume) => setImmediate(resume))
      await this.#commit(this.#waiting.splice(0, this.#maxBatch))
    }
    this.#working = null
  }

  async #commit(batch: readonly Job[]): Promise<void> {
    const connection = this.#connection
    try {
      await connection.begin()
      const answers: (() => void)[] = []
      for (const job of batch) answers.push(await this.#attempt(job))
      connection.commit()
      for (const answer of answers) answer()
    } catch (error) {
      try {
        if (connection.inTransaction()) connection.rollback()
      } finally {
        for (const job of batch) job.reject(error)
      }
    }
  }

  /** @returns what to answer once the batch is committed */
  async #attempt(job: Job): Promise<() => void> {
    const connection = this.#connection
    connection.savepoint()
    try {
      const answer = await job.work()
      connection.release()
      return answer
    } catch (error) {
      // a full disk for one: SQLite has taken back the whole batch by itself
      if (!connection.inTransaction()) throw error
      connection.rollbackToSavepoint()
      return () => job.reject(error)
    }
  }
}

/** The one connection that writes. */
export interface WriterConnection {
  /** Waits for other processes, but never blocks. */
  begin(): Promise<void>
  savepoint(): void
  release(): void
  /** Takes back what was written since `savepoint`, which is then gone. */
  rollbackToSavepoint(): void
  commit(): void
  rollback(): void
  inTransaction(): boolean
}

interface Job {
  /** Does the work and gives the answer to be made after the commit. */
  readonly work: () => Promise<() => void>
  readonly reject: (error: unknown) => void
}

const accepted =
  <T>(resolve: (value: T) => void, value: T) =>
  (): void =>
    resolve(value)
