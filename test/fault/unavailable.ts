import { setTimeout } from 'node:timers/promises'
import { WalletApiError } from '../../src/virtual-wallet/wallet-error.ts'

/** Does this say, as an answer or as what a client made of one, that the database cannot be reached just now? */
export const saysUnavailable = (failure: unknown): boolean => {
  if (failure instanceof WalletApiError) return failure.code === 605
  if (failure instanceof Error) return /answered 503: .*"code":605/.test(failure.message)
  const { status, body } = failure as { status?: number; body?: { error?: { code?: number } } }
  return status === 503 && body?.error?.code === 605
}

/** For `Lives`: asks again after a little while what was answered so; anything else fails the test. Counts. */
export const patient = () => {
  const counted = {
    answers: 0,
    askAgain: async (failure: unknown): Promise<boolean> => {
      if (!saysUnavailable(failure)) return false
      counted.answers++
      await setTimeout(100)
      return true
    },
  }
  return counted
}
