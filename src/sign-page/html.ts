import type { Json } from '../json.ts'

/**
 * HTML that is safe by construction: a tagged template escapes every value that is not such HTML itself. Attribute
 * values must stand in double quotes; nothing may be put into a `<script>` or `<style>`, of which the pages have none.
 */
export interface Html {
  readonly html: string
}

type Value = Html | string | number | null | readonly Value[]

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/**
 * Characters that no honest text needs and that change what is around them: controls other than tab and line feed,
 * embeddings, overrides and isolates of the bidirectional algorithm, and separators that some parsers take for a line's
 * end. The marks U+200E and U+200F, which do no more than a letter does, may stay.
 */
// eslint-disable-next-line no-control-regex
const unruly = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

const escapeText = (text: string): string =>
  text
    .toWellFormed()
    .replace(unruly, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character]!)

const render = (value: Value): string => {
  if (value === null) return ''
  if (typeof value === 'string') return escapeText(value)
  if (typeof value === 'number') return String(value)
  return 'html' in value ? value.html : value.map(render).join('')
}

export const html = (strings: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  html: strings.reduce((whole, literal, index) => whole + render(values[index - 1] ?? null) + literal),
})

/** JSON to be read: characters that a page may not show as they are stand there as escapes, so that nothing is lost. */
export const readableJson = (value: Json): string =>
  JSON.stringify(value, null, 2).replace(
    unruly,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Markup that this program wrote itself, such as a drawing of numbers; never text from anywhere else. */
export const trusted = (markup: string): Html => ({ html: markup })
