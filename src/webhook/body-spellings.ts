import { isJsonObject } from '../json.ts'

/** A way to write a body other than the way it was sent. */
export interface BodySpelling {
  readonly text: string
  /** Completes "the body …". */
  readonly words: string
}

/** How languages write JSON that they parsed before. */
interface Style {
  /** After each comma and colon. */
  readonly space: string
  /** Every character beyond ASCII as \uXXXX. */
  readonly ascii: boolean
  readonly escapeSlashes: boolean
  /** What an object without entries becomes. */
  readonly emptyObject: string
  readonly sortKeys: boolean
}

const javascript: Style = { space: '', ascii: false, escapeSlashes: false, emptyObject: '{}', sortKeys: false }
const python: Style = { ...javascript, space: ' ', ascii: true }
const php: Style = { ...javascript, ascii: true, escapeSlashes: true }

const styles: readonly (readonly [Style, string])[] = [
  [python, "as Python's json.dumps writes it by default"],
  [{ ...python, ascii: false }, "as Python's json.dumps writes it with ensure_ascii=False"],
  [{ ...python, space: '' }, "as Python's json.dumps writes it with no spaces"],
  [php, "as PHP's json_encode writes it by default"],
  [{ ...php, emptyObject: '[]' }, "as PHP's json_encode writes it after json_decode made arrays of objects"],
  [{ ...php, ascii: false, escapeSlashes: false, emptyObject: '[]' }, 'with its empty objects turned into []'],
  [{ ...javascript, sortKeys: true }, 'with its keys sorted'],
]

/** Spellings in which receivers, proxies and editors leave a body; none of them is the one that was sent. */
export const bodySpellings = (body: string): BodySpelling[] => {
  const plain = [
    { text: '', words: 'for empty, since something had read it before' },
    { text: '[object Object]', words: 'for [object Object], since it was turned into text without JSON.stringify' },
    { text: body.trim(), words: 'without the white space around it, such as a line break that an editor added' },
    { text: body.replace(/^\u{FEFF}/u, ''), words: 'without the byte order mark before it' },
  ]
  const parsed = parse(body.replace(/^\u{FEFF}/u, ''))
  if (parsed === undefined) return plain
  return [
    ...plain,
    {
      text: JSON.stringify(parsed),
      words: 'as JSON.stringify writes it; what is here was serialised again in another way',
    },
    { text: JSON.stringify(parsed, null, 2), words: 'as it looks when indented by two' },
    { text: JSON.stringify(parsed, null, 4), words: 'as it looks when indented by four' },
    ...styles.map(([style, words]) => ({ text: write(parsed, style), words })),
  ]
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const write = (value: unknown, style: Style): string => {
  const comma = `,${style.space}`
  if (Array.isArray(value)) return `[${value.map((element) => write(element, style)).join(comma)}]`
  if (!isJsonObject(value)) return scalar(value, style)
  const keys = style.sortKeys ? Object.keys(value).sort() : Object.keys(value)
  if (keys.length === 0) return style.emptyObject
  return `{${keys.map((key) => `${scalar(key, style)}:${style.space}${write(value[key], style)}`).join(comma)}}`
}

const scalar = (value: unknown, { ascii, escapeSlashes }: Style): string => {
  let text = JSON.stringify(value)
  if (escapeSlashes) text = text.replaceAll('/', '\\/')
  if (ascii) {
    text = text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  }
  return text
}
