import { describeRefusal, isRefusal, type Refusal } from '../refusals.ts'
import { CommandFailure } from './output.ts'

/** What was asked for; a refusal ends the command with its sentence. */
export const granted = <T>(answer: T | Refusal): T => {
  if (isRefusal(answer)) throw new CommandFailure(describeRefusal(answer).message)
  return answer
}
