import { describe, expect, it } from 'vitest'
import { html, readableJson, trusted } from './html.ts'

describe('html', () => {
  it('escapes text so that it is no markup, in content and in attributes', () => {
    const hostile = `</p><script>alert('x')</script><p title="`
    expect(html`<p title="${hostile}">${hostile}</p>`.html).toBe(
      '<p title="&lt;/p&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&lt;p title=&quot;">' +
        '&lt;/p&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&lt;p title=&quot;</p>',
    )
  })

  it('escapes once: markup put into markup stays as it is', () => {
    const inner = html`<b>${'&'}</b>`
    expect(html`<p>${inner}${[inner, 'x<']}${trusted('<i></i>')}</p>`.html).toBe(
      '<p><b>&amp;</b><b>&amp;</b>x&lt;<i></i></p>',
    )
  })

  it('writes nothing for null, and numbers as they are', () => {
    expect(html`<p>${null}${0}</p>`.html).toBe('<p>0</p>')
  })

  it.each([
    ['a right-to-left override', '\u202e'],
    ['an isolate', '\u2067'],
    ['a line separator', '\u2028'],
    ['an escape character', '\u001b'],
    ['a lone surrogate', '\ud800'],
  ])('shows %s as a replacement character', (_, character) => {
    expect(html`${`a${character}b`}`.html).toBe('a\ufffdb')
  })

  it('leaves honest text of every script alone', () => {
    const text = 'Grüße, שלום, \u200fمرحبا\u200e, 👩‍🚀\n\tこんにちは'
    expect(html`${text}`.html).toBe(text)
  })
})

it('shows JSON with every odd character as an escape, so that it still parses to the same', () => {
  const value = { a: ['x\u202ey', '\u2028', '\u0000', '\ud800'] }
  const text = readableJson(value)
  expect(text).toMatch(/^[\x20-\x7e\n]+$/)
  expect(JSON.parse(text)).toEqual(value)
})
