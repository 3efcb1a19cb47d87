import { describe, expect, it } from 'vitest'
import { FakeTime } from '../../test/fake-time.ts'
import { answersInTime } from './answers-in-time.ts'

const asking = () => {
  const time = new FakeTime()
  const questions: PromiseWithResolvers<string>[] = []
  const ask = (): Promise<string> => {
    const question = Promise.withResolvers<string>()
    questions.push(question)
    return question.promise
  }
  return { time, questions, isThere: answersInTime(ask, 2_000, time) }
}

describe('asking whether something answers', () => {
  it('says yes when it answers and no when it fails, and leaves no timer behind', async () => {
    const { time, questions, isThere } = asking()
    const first = isThere()
    questions[0]!.resolve('yes')
    expect(await first).toBe(true)
    const second = isThere()
    questions[1]!.reject(new Error('down'))
    expect(await second).toBe(false)
    expect(time.running).toBe(0)
  })

  it('says no when the limit is over', async () => {
    const { time, isThere } = asking()
    const answer = isThere()
    time.pass(1_999)
    expect(time.running).toBe(1)
    time.pass(1)
    expect(await answer).toBe(false)
  })

  it('asks once while it hangs, however many want to know, and again after that', async () => {
    const { time, questions, isThere } = asking()
    const early = isThere()
    time.pass(2_000)
    const late = [isThere(), isThere()]
    expect(questions).toHaveLength(1)
    questions[0]!.resolve('yes')
    expect(await early).toBe(false)
    expect(await Promise.all(late)).toEqual([true, true])
    void isThere()
    expect(questions).toHaveLength(2)
  })
})
