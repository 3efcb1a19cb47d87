import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './source-files.ts'

const pages = [
  ...['README.md', 'CHANGELOG.md'].map((name) => join(root, name)),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, 'docs', name)),
]

it('lets no page link to a file that is not there', () => {
  const broken = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
      .map(([, target]) => join(dirname(page), target!))
      .filter((target) => !existsSync(target))
      .map((target) => `${relative(root, page)} -> ${relative(root, target)}`),
  )
  expect(broken).toEqual([])
})

it('lists every decision', () => {
  const folder = join(root, 'docs/decisions')
  const list = readFileSync(join(folder, 'README.md'), 'utf8')
  expect(readdirSync(folder).filter((name) => /^\d/.test(name) && !list.includes(`(${name})`))).toEqual([])
})
