import { createHmac } from 'node:crypto'
import { bodySpellings } from './body-spellings.ts'
import { compatibleKey, standardSecret } from './signatures.ts'

/** One way to compute a signature, and in what it differs from the right one; the right one has no differences. */
export interface Recipe {
  readonly signature: string
  /** Each completes "it comes out when …". */
  readonly differences: readonly string[]
}

/** A choice that a recipe makes, null when it is the right one. */
type Choice<T> = readonly [T, string | null]

type Digest = (key: string, signed: string) => string

const hmac =
  (algorithm: 'sha1' | 'sha256', encoding: 'hex' | 'base64'): Digest =>
  (key, signed) =>
    createHmac(algorithm, key).update(signed).digest(encoding)

/** Every mistake that is known to be made with the compatible signature, and every two or three of them together. */
export const compatibleRecipes = (secret: string, timestamp: string, body: string): Recipe[] =>
  recipes(
    [
      [compatibleKey(secret), null],
      [secret.replaceAll('-', ''), 'all dashes of the secret are removed instead of the first one only'],
      [secret, 'no dash of the secret is removed; its first one has to be'],
      [standardSecret(secret), 'the whsec_ form of the secret is the key; it has to be the API secret'],
    ],
    [
      [timestamp, null],
      otherUnit(timestamp),
      ['', 'the timestamp is left out'],
      [`${timestamp}.`, 'a dot stands between timestamp and body'],
    ],
    bodyChoices(body),
    [
      [hmac('sha1', 'hex'), null],
      [(key, signed) => hmac('sha1', 'hex')(key, signed).toUpperCase(), 'it is written in upper case'],
      [hmac('sha1', 'base64'), 'it is written in base64 instead of hex'],
      [hmac('sha256', 'hex'), 'SHA-256 is used instead of SHA-1'],
    ],
  )

/** The same for one value of `webhook-signature`, without its `v1,`. */
export const standardRecipes = (secret: string, id: string, timestamp: string, body: string): Recipe[] =>
  recipes(
    [
      [secret, null],
      [compatibleKey(secret), 'the first dash of the secret is removed; here it stays'],
      [secret.replaceAll('-', ''), 'the dashes of the secret are removed; here they stay'],
      [standardSecret(secret), 'the whsec_ form of the secret is the key; it has to be decoded first'],
      [
        Buffer.from(secret).toString('base64'),
        'what follows whsec_ is the key; it has to be decoded from base64 first',
      ],
    ],
    [
      [`${id}.${timestamp}.`, null],
      [`${id}.${otherUnit(timestamp)[0]}.`, otherUnit(timestamp)[1]],
      [`${timestamp}.`, 'the webhook-id is left out'],
      [`${id}${timestamp}`, 'the dots between webhook-id, timestamp and body are left out'],
      [timestamp, 'webhook-id and dots are left out, as in the compatible signature'],
    ],
    bodyChoices(body),
    [
      [hmac('sha256', 'base64'), null],
      [hmac('sha256', 'hex'), 'it is written in hex instead of base64'],
      [hmac('sha1', 'base64'), 'SHA-1 is used instead of SHA-256'],
      [hmac('sha1', 'hex'), 'SHA-1 in hex is used instead of SHA-256 in base64'],
    ],
  )

/** Of the recipes that make one of these signatures, the one with the fewest differences; null when none does. */
export const closestRecipe = (signatures: readonly string[], among: readonly Recipe[]): Recipe | null =>
  among
    .filter(({ signature }) => signatures.includes(signature))
    .toSorted((one, other) => one.differences.length - other.differences.length)[0] ?? null

const recipes = (
  keys: readonly Choice<string>[],
  prefixes: readonly Choice<string>[],
  bodies: readonly Choice<string>[],
  digests: readonly Choice<Digest>[],
): Recipe[] =>
  keys.flatMap(([key, keyWords]) =>
    prefixes.flatMap(([prefix, prefixWords]) =>
      bodies.flatMap(([body, bodyWords]) =>
        digests.map(([digest, digestWords]) => ({
          signature: digest(key, prefix + body),
          differences: [keyWords, prefixWords, bodyWords, digestWords].filter((words) => words !== null),
        })),
      ),
    ),
  )

const bodyChoices = (body: string): Choice<string>[] => [
  [body, null],
  ...bodySpellings(body)
    .filter(({ text }) => text !== body)
    .map(({ text, words }): Choice<string> => [text, `the body is taken ${words}`]),
]

const otherUnit = (timestamp: string): Choice<string> =>
  /^\d{13}$/.test(timestamp)
    ? [timestamp.slice(0, -3), 'the timestamp is in seconds']
    : [`${timestamp}000`, 'the timestamp is in milliseconds']
