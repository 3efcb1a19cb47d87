import { isRefusal, refuse, type Refusal } from '../refusals.ts'
import { factsOf, factsEqual } from './facts.ts'
import type { FlowDependencies } from './flow-dependencies.ts'
import type { Change, Changed, Current } from './payload-store.ts'

type ChangeDependencies = Pick<FlowDependencies, 'payloads' | 'announcer' | 'webhooks' | 'countRefusedSignature'>

/**
 * Changes one payload in the store, with the webhooks that the change makes owed. Once that is committed, announces the
 * facts if they grew.
 */
export const changePayload = async <C extends Change>(
  { payloads, announcer, webhooks, countRefusedSignature }: ChangeDependencies,
  id: string,
  userId: string | null,
  step: (current: Current) => C | Refusal,
): Promise<Changed<C> | Refusal> => {
  const changed = await payloads.change(id, userId, (current) => {
    const change = step(current)
    if (isRefusal(change)) return change
    const { payload: before, application, now } = current
    return { ...change, debts: webhooks.owedByChange(before, change, application, now) }
  })
  if (changed === null) return refuse('payloadNotFound')
  if (isRefusal(changed)) return changed
  const facts = factsOf(changed.change.payload)
  if (!factsEqual(factsOf(changed.before), facts)) announcer.announce(id, facts)
  if (changed.change.debts.owed.length > 0) webhooks.wake()
  if (changed.change.refusedSignature !== undefined) countRefusedSignature(changed.change.refusedSignature.reason)
  return changed
}
