import { isRefusal, refuse, type Refusal } from '../refusals.ts'
import { factsOf, factsEqual } from './facts.ts'
import type { FlowDependencies } from './flow-dependencies.ts'
import type { Change, Changed, Current } from './payload-store.ts'

/** Changes one payload in the store and, once that is committed, announces the facts if they grew. */
export const changePayload = async <C extends Change>(
  { payloads, announcer }: Pick<FlowDependencies, 'payloads' | 'announcer'>,
  id: string,
  userId: string | null,
  step: (current: Current) => C | Refusal,
): Promise<Changed<C> | Refusal> => {
  const changed = await payloads.change(id, userId, step)
  if (changed === null) return refuse('payloadNotFound')
  if (isRefusal(changed)) return changed
  const facts = factsOf(changed.change.payload)
  if (!factsEqual(factsOf(changed.before), facts)) announcer.announce(id, facts)
  return changed
}
