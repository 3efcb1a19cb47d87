import fc from 'fast-check'
import type { Damage } from './damage.ts'
import { damageToBytes, damageToJson } from './damage-to-bodies.ts'
import { damageToFraming, damageToHeaders } from './damage-to-headers.ts'
import { damageToRequestLines, damageToTargets } from './damage-to-request-lines.ts'

/** Whatever may be wrong with a request; two things at a time are the most that tell anything. */
export const anyDamage: fc.Arbitrary<Damage[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: damageToJson },
    { weight: 2, arbitrary: damageToBytes },
    { weight: 1, arbitrary: damageToFraming },
    { weight: 3, arbitrary: damageToHeaders },
    { weight: 3, arbitrary: damageToTargets },
    { weight: 1, arbitrary: damageToRequestLines },
  ),
  { minLength: 1, maxLength: 2 },
)
