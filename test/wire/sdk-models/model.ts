/**
 * What an SDK demands of an answer, written down as data.
 *
 * A text names a kind of value, or is the very text or JSON that must come; several are separated by `|`. An object
 * demands each of its keys: one that ends in `?` may be missing, `*` stands for every key there is. A list holds the model
 * of its elements.
 */
export type Model = string | { readonly [key: string]: Model } | readonly [Model]

/** The answers that models are written for; an SDK that does not read an answer has no model for it. */
export interface SdkModels {
  readonly source: string
  readonly ping?: Model
  readonly created?: Model
  readonly details?: Model
  readonly cancelled?: Model
  readonly storage?: Model
  readonly stored?: Model
  readonly cleared?: Model
  readonly userTokens?: Model
  readonly kycOfAccount?: Model
  readonly kycOfUser?: Model
  readonly curatedAssets?: Model
  readonly rails?: Model
  readonly accountMeta?: Model
  readonly transaction?: Model
}

const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  text: (value) => typeof value === 'string',
  flag: (value) => typeof value === 'boolean',
  integer: (value) => Number.isSafeInteger(value),
  // .NET: System.Int32, System.UInt32
  int32: (value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31,
  uint32: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  list: (value) => Array.isArray(value),
  texts: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  // .NET: System.DateTime as System.Text.Json reads it
  time: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value),
}

/** Where the answer is not what the model demands; empty when it is. */
export const troubleWith = (model: Model, answer: unknown, at = ''): string[] => {
  if (typeof model === 'string') {
    const isOne = model.split('|').some((kind) => isA(kind, answer))
    return isOne ? [] : [`${at} is ${JSON.stringify(answer)}, not ${model}`]
  }
  if (isList(model)) {
    if (!Array.isArray(answer)) return [`${at} is no list`]
    return answer.flatMap((element, index) => troubleWith(model[0], element, `${at}[${index}]`))
  }
  if (!isA('object', answer)) return [`${at} is no object`]
  const held = answer as Record<string, unknown>
  return Object.entries(model).flatMap(([name, demand]) => {
    if (name === '*') return Object.entries(held).flatMap(([key, value]) => troubleWith(demand, value, `${at}.${key}`))
    const key = name.replace(/\?$/, '')
    if (!(key in held)) return name === key ? [`${at}.${key} is missing`] : []
    return troubleWith(demand, held[key], `${at}.${key}`)
  })
}

const isA = (kind: string, value: unknown): boolean =>
  kinds[kind]?.(value) ?? (value === kind || JSON.stringify(value) === kind)

const isList = (model: Model): model is readonly [Model] => Array.isArray(model)
