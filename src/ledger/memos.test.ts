import { describe, expect, it } from 'vitest'
import { decodeMemos } from './memos.ts'

const hexOf = (text: string): string => Buffer.from(text).toString('hex')

describe('decodeMemos', () => {
  it('decodes type, data and format to text', () => {
    const memo = { MemoType: hexOf('text/plain').toUpperCase(), MemoData: hexOf('Grüße 🐎\n'), MemoFormat: '' }
    expect(decodeMemos({ Memos: [{ Memo: memo }] })).toEqual([
      { Memo: { MemoType: 'text/plain', MemoData: 'Grüße 🐎\n', MemoFormat: '' } },
    ])
  })

  it.each([
    ['bytes that are no UTF-8', 'FF00'],
    ['a surrogate in UTF-8', 'EDA080'],
    ['U+0000', '00'],
    ['an escape sequence', hexOf('\u001b[31m')],
    ['half a byte', 'ABC'],
  ])('leaves %s as hex', (_, hex) => {
    expect(decodeMemos({ Memos: [{ Memo: { MemoData: hex } }] })).toEqual([{ Memo: { MemoData: hex } }])
  })

  it('says nothing where there are no memos', () => {
    expect(decodeMemos({})).toBeNull()
    expect(decodeMemos({ Memos: [] })).toBeNull()
    expect(decodeMemos({ Memos: 'none' })).toBeNull()
  })
})
