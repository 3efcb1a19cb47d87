import { refuse, type Refusal } from '../refusals.ts'

/** Why a node should get no traffic; ready when all but `draining` hold. */
export interface Readiness {
  /** It answers, and soon. */
  readonly database: boolean
  /** Hints of other nodes arrive; without them everything is told within a second or two all the same. */
  readonly bus: boolean
  /** This node's clock and the database's are not far apart. */
  readonly clock: boolean
  /** It is shutting down. */
  readonly draining: boolean
}

/** Checks that an operator may leave out: a node serves without them, more slowly or with expiries told askew. */
const excludable = ['bus', 'clock'] as const
type Excludable = (typeof excludable)[number]

/**
 * Reads `?exclude=bus`, as kube-apiserver's `/readyz` has it: repeated or comma separated.
 *
 * @param given what the query says: text, several, or nothing
 * @returns the checks to leave out, or `readinessCheckUnknown`
 */
export const readExcluded = (given: string | readonly string[] | undefined): ReadonlySet<Excludable> | Refusal => {
  const excluded = new Set<Excludable>()
  for (const name of [given ?? []].flat().flatMap((text) => text.split(','))) {
    const known = excludable.find((one) => one === name.trim())
    if (known === undefined) return refuse('readinessCheckUnknown')
    excluded.add(known)
  }
  return excluded
}

export const isReady = (state: Readiness, excluded: ReadonlySet<Excludable>): boolean =>
  state.database && !state.draining && excludable.every((check) => state[check] || excluded.has(check))
