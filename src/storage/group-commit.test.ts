import { describe, expect, it } from 'vitest'
import { GroupCommit, type WriterConnection } from './group-commit.ts'

/** A connection that writes down what it is told, and fails where a test says so. */
const recordingConnection = (failing: Partial<Record<'begin' | 'commit', Error>> = {}) => {
  const told: string[] = []
  let open = false
  const connection: WriterConnection & { told: string[]; loseTransaction(): void } = {
    told,
    loseTransaction: () => (open = false),
    begin: async () => {
      if (failing.begin) throw failing.begin
      told.push('begin')
      open = true
    },
    savepoint: () => void told.push('savepoint'),
    release: () => void told.push('release'),
    rollbackToSavepoint: () => void told.push('rollback to savepoint'),
    commit: () => {
      if (failing.commit) throw failing.commit
      told.push('commit')
      open = false
    },
    rollback: () => {
      told.push('rollback')
      open = false
    },
    inTransaction: () => open,
  }
  return connection
}

const outcomes = async (answers: Promise<unknown>[]): Promise<unknown[]> =>
  (await Promise.allSettled(answers)).map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))

describe('group commit', () => {
  it('lets requests that arrive together share a commit', async () => {
    const connection = recordingConnection()
    const group = new GroupCommit(connection)
    const work = (name: string) => group.run(async () => connection.told.push(name))
    await Promise.all([work('a'), work('b')])
    const one = (name: string) => ['savepoint', name, 'release']
    expect(connection.told).toEqual(['begin', ...one('a'), ...one('b'), 'commit'])
  })

  it('answers nobody before the commit', async () => {
    const connection = recordingConnection()
    const group = new GroupCommit(connection)
    const committedWhenAnswered = async (work: () => Promise<void>) => {
      await group.run(work).catch(() => undefined)
      return connection.told.includes('commit')
    }
    const failing = () => Promise.reject(new Error('a fault'))
    expect(await Promise.all([committedWhenAnswered(async () => undefined), committedWhenAnswered(failing)])).toEqual([
      true,
      true,
    ])
  })

  it('takes back only what a failing request wrote', async () => {
    const connection = recordingConnection()
    const group = new GroupCommit(connection)
    const answers = await outcomes([
      group.run(async () => 'first'),
      group.run(() => Promise.reject(new Error('a fault'))),
      group.run(async () => 'third'),
    ])
    expect(answers).toEqual(['first', 'Error: a fault', 'third'])
    const kept = ['savepoint', 'release']
    expect(connection.told).toEqual(['begin', ...kept, 'savepoint', 'rollback to savepoint', ...kept, 'commit'])
  })

  it('gives everyone the error of a commit that failed, and goes on', async () => {
    const failing: { commit?: Error } = { commit: new Error('disk full') }
    const connection = recordingConnection(failing)
    const group = new GroupCommit(connection)
    expect(await outcomes([group.run(async () => 1), group.run(async () => 2)])).toEqual([
      'Error: disk full',
      'Error: disk full',
    ])
    expect(connection.told.at(-1)).toBe('rollback')
    delete failing.commit
    expect(await group.run(async () => 3)).toBe(3)
  })

  it('gives everyone the error when no transaction could be begun', async () => {
    const connection = recordingConnection({ begin: new Error('busy') })
    const group = new GroupCommit(connection)
    let ran = false
    const answers = await outcomes([group.run(async () => (ran = true)), group.run(async () => (ran = true))])
    expect(answers).toEqual(['Error: busy', 'Error: busy'])
    expect(ran).toBe(false)
  })

  it('gives everyone the error when one failure took back the whole transaction', async () => {
    const connection = recordingConnection()
    const group = new GroupCommit(connection)
    const answers = await outcomes([
      group.run(async () => 1),
      group.run(async () => {
        connection.loseTransaction()
        throw new Error('disk full')
      }),
      group.run(async () => 3),
    ])
    expect(answers).toEqual(['Error: disk full', 'Error: disk full', 'Error: disk full'])
    expect(connection.told).not.toContain('commit')
  })

  it('bounds how many share a commit', async () => {
    const connection = recordingConnection()
    const group = new GroupCommit(connection, 10)
    await Promise.all(Array.from({ length: 25 }, (_, index) => group.run(async () => index)))
    expect(connection.told.filter((one) => one === 'commit')).toHaveLength(3)
  })

  it('finishes what was asked for before it closes, and takes nothing more', async () => {
    const group = new GroupCommit(recordingConnection(), 1)
    const answers = outcomes([group.run(async () => 1), group.run(async () => 2)])
    const closed = group.close().then(() => 'closed')
    const late = outcomes([group.run(async () => 3)])
    expect(await Promise.race([Promise.all([answers, closed]), closed])).toBe('closed')
    expect(await answers).toEqual([1, 2])
    expect(await late).toEqual(['Error: The database is closed.'])
  })
})
