import fc from 'fast-check'
import type { Header } from './raw-http.ts'
import type { Asked } from './valid-requests.ts'

/** One thing that is done to a request, with words to report it by. */
export interface Damage {
  readonly apply: (request: Asked) => Asked
  readonly [fc.toStringMethod]: () => string
}

/** Damage of one kind, for any of the values. */
export const damage = <T>(
  words: string,
  values: fc.Arbitrary<T>,
  apply: (request: Asked, value: T) => Asked,
): fc.Arbitrary<Damage> =>
  values.map((value) => ({
    apply: (request) => apply(request, value),
    [fc.toStringMethod]: () => `${words} ${fc.stringify(value).slice(0, 200)}`,
  }))

export const pick = <T>(list: readonly T[], index: number): T => list[index % list.length]!

export const withoutHeader = (request: Asked, name: string): Asked => ({
  ...request,
  headers: request.headers.filter(([known]) => known !== name),
})

export const withHeader = (request: Asked, ...[name, value]: Header): Asked => {
  const { headers, ...rest } = withoutHeader(request, name)
  return { ...rest, headers: [...headers, [name, value]] }
}

export const withBody = (request: Asked, body: Buffer): Asked => ({
  ...withHeader(request, 'Content-Length', `${body.length}`),
  body,
})
