import ts from 'typescript'
import { expect, it } from 'vitest'
import { isTest, sourceFiles } from './source-files.ts'

const containers = new Set(['describe', 'suite'])
const cases = new Set(['it', 'test'])

/** The name that `it(…)`, `it.each(…)(…)` and `describe.skipIf(…)(…)` start with. */
const calleeName = (node: ts.Expression): string | null => {
  if (ts.isIdentifier(node)) return node.text
  if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) return calleeName(node.expression)
  return null
}

/** Titles of one file, each with the titles of the blocks around it. */
const titles = (path: string, text: string): string[] => {
  const found: string[] = []
  const visit = (node: ts.Node, around: readonly string[]): void => {
    let inside = around
    if (ts.isCallExpression(node) && node.arguments[0] !== undefined && ts.isStringLiteralLike(node.arguments[0])) {
      const name = calleeName(node.expression)
      if (name !== null && containers.has(name)) inside = [...around, node.arguments[0].text]
      if (name !== null && cases.has(name)) found.push([...around, node.arguments[0].text].join(' > '))
    }
    ts.forEachChild(node, (child) => visit(child, inside))
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest), [])
  return found
}

it('gives every test of a file a title of its own', () => {
  const twice = sourceFiles('src', 'test')
    .filter(isTest)
    .flatMap(({ path, text }) => {
      const all = titles(path, text)
      return all.filter((title, index) => all.indexOf(title) !== index).map((title) => `${path}: ${title}`)
    })
  expect(twice).toEqual([])
})
