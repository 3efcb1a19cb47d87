import { expect, it } from 'vitest'
import { readTarget } from './target.ts'

const id = '8a7c1b5e-5a0e-4f0e-9d3b-0123456789ab'

it.each([
  [id, { kind: 'page', id }],
  [id.toUpperCase(), { kind: 'page', id }],
  [`${id}_m.png`, { kind: 'picture', id, quality: 'm', format: 'png' }],
  [`${id}_h.svg`, { kind: 'picture', id, quality: 'h', format: 'svg' }],
  [`${id.toUpperCase()}_q.json`, { kind: 'picture', id, quality: 'q', format: 'json' }],
  [`${id}.png`, { kind: 'picture', id, quality: 'q', format: 'png' }],
  [`${id}_l.png`, null],
  [`${id}_.png`, null],
  [`${id}_m`, null],
  [`${id}_m.gif`, null],
  [`${id}_m.png.png`, null],
  ['assets', null],
  ['', null],
])('reads %j as %j', (part, target) => {
  expect(readTarget(part)).toEqual(target)
})
