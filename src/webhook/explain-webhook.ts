import type { Milliseconds } from '../clock.ts'
import { compatibleHeaders, defaultTolerance, standardHeaders, type ReceivedWebhook } from './received-webhook.ts'
import { readSecretForm } from './secret-form.ts'
import { closestRecipe, compatibleRecipes, standardRecipes, type Recipe } from './signature-recipes.ts'
import { verifyWebhook } from './verify-webhook.ts'

export interface PuzzlingWebhook extends ReceivedWebhook {
  /** What the receiver's own code computed, where it is at hand: it tells in which step that code differs. */
  readonly computed?: string
}

export interface WebhookExplanation {
  /** Whether `verifyWebhook` takes it. */
  readonly accepted: boolean
  /** Step by step, what is right and what is not. */
  readonly findings: readonly Finding[]
}

export interface Finding {
  readonly step: 'secret' | 'time' | 'compatible signature' | 'standard signature' | 'computed signature'
  readonly right: boolean
  readonly words: string
}

/**
 * Why a webhook does or does not verify: looks at the secret, the times and both signatures, and where one does not hold,
 * makes the mistakes that are known to be made until one explains it. For the person who debugs a receiver; whether to
 * believe a webhook is what `verifyWebhook` decides.
 */
export const explainWebhook = (puzzling: PuzzlingWebhook): WebhookExplanation => {
  const { headers, computed, now = Date.now(), tolerance = defaultTolerance } = puzzling
  const { secret, problem } = readSecretForm(puzzling.secret)
  const body = Buffer.from(puzzling.body).toString()
  const compatible = compatibleHeaders(headers)
  const standard = standardHeaders(headers)
  const times = new Set([compatible.timestamp, standard.timestamp].filter((time) => time !== null))

  const findings: Finding[] = [
    secretFinding(
      secret !== null && body.includes(secret) ? 'The secret is in the body, so it is the API key.' : problem,
    ),
    ...[...times].map((time) => timeFinding(time, now, tolerance)),
  ]
  if (secret !== null) {
    const ways = {
      compatible: compatibleRecipes(secret, compatible.timestamp ?? '', body),
      standard: standardRecipes(secret, standard.id ?? '', standard.timestamp ?? '', body),
    }
    const standardOne = standardFinding(standard, ways.standard)
    findings.push(compatibleFinding(compatible, ways.compatible, standardOne.right), standardOne)
    if (computed !== undefined) findings.push(computedFinding(computed, ways))
  }
  return { accepted: verifyWebhook(puzzling).valid, findings }
}

const secretFinding = (problem: string | null): Finding => ({
  step: 'secret',
  right: problem === null,
  words: problem ?? 'The secret has the form of one.',
})

const timeFinding = (time: string, now: Milliseconds, tolerance: Milliseconds): Finding => {
  const finding = (right: boolean, words: string): Finding => ({ step: 'time', right, words: `The time ${words}.` })
  if (/^\d{13}$/.test(time)) return finding(false, `${time} is in milliseconds; it has to be in whole seconds`)
  if (!/^\d{1,12}$/.test(time)) return finding(false, `"${time}" is no whole number of seconds`)
  const age = Math.round(now / 1000) - Number(time)
  const limit = `more than the ${tolerance / 1000} s that are tolerated`
  if (age * 1000 > tolerance) return finding(false, `is ${age} s ago, ${limit}: a replay, or a clock that is ahead`)
  if (-age * 1000 > tolerance) return finding(false, `is ${-age} s in the future, ${limit}: a clock that is behind`)
  return finding(true, 'is recent enough')
}

const compatibleFinding = (
  { timestamp, signature }: ReturnType<typeof compatibleHeaders>,
  ways: readonly Recipe[],
  standardHolds: boolean,
): Finding => {
  const finding = (right: boolean, words: string): Finding => ({ step: 'compatible signature', right, words })
  const missing = missingWords({ 'x-xumm-request-timestamp': timestamp, 'x-xumm-request-signature': signature })
  if (missing !== null || signature === null) return finding(false, missing ?? '')
  if (!/^[0-9a-f]{40}$/i.test(signature)) return finding(false, 'x-xumm-request-signature is not 40 hex digits.')
  const closest = closestRecipe([signature.toLowerCase()], ways)
  if (closest === null && standardHolds) {
    return finding(false, 'It was made with a newer secret: the one given here was replaced and is being retired.')
  }
  return finding(closest?.differences.length === 0, verdictWords(closest))
}

const standardFinding = (
  { id, timestamp, signature }: ReturnType<typeof standardHeaders>,
  ways: readonly Recipe[],
): Finding => {
  const finding = (right: boolean, words: string): Finding => ({ step: 'standard signature', right, words })
  const missing = missingWords({ 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature })
  if (missing !== null || signature === null) return finding(false, missing ?? '')
  const values = signature.split(' ').filter((value) => value.startsWith('v1,'))
  if (values.length === 0) return finding(false, 'webhook-signature has no value that begins with "v1,".')
  const closest = closestRecipe(values.map(bare), ways)
  return finding(closest?.differences.length === 0, verdictWords(closest))
}

const computedFinding = (computed: string, ways: Record<'compatible' | 'standard', readonly Recipe[]>): Finding => {
  const finding = (right: boolean, words: string): Finding => ({ step: 'computed signature', right, words })
  const signature = [bare(computed.trim())]
  const closest = closestRecipe(signature, [...ways.compatible, ...ways.standard])
  if (closest === null) return finding(false, 'No known mistake explains it.')
  const scheme = ways.compatible.includes(closest) ? 'compatible' : 'standard'
  if (closest.differences.length === 0) return finding(true, `It is the ${scheme} signature of this webhook.`)
  return finding(false, `It is the ${scheme} signature, but for this: ${closest.differences.join(', and ')}.`)
}

/** Without the version that stands before each value of `webhook-signature`. */
const bare = (signature: string): string => signature.replace(/^v1,/, '')

const missingWords = (headers: Readonly<Record<string, string | null>>): string | null => {
  const missing = Object.keys(headers).filter((name) => headers[name] === null)
  return missing.length === 0 ? null : `Missing, or there more than once: ${missing.join(', ')}.`
}

const verdictWords = (closest: Recipe | null): string => {
  if (closest === null) {
    return 'It does not belong to this body, time and secret, and no known mistake explains it: most likely it was made with another secret, or the body was changed.'
  }
  if (closest.differences.length === 0) return 'It holds.'
  return `It does not belong to this body, time and secret. It comes out when ${closest.differences.join(', and ')}.`
}
