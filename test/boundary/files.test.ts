import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { isTest, sourceFiles } from './source-files.ts'

/** Names that say nothing: a homeless function is a concept that has no name yet. */
const emptyNames = ['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'types', 'shared', 'lib', 'constants']

/** Past this, ask which second concept moved in; a test may be as long as the table of its cases. */
const maxLines = 300

const everywhere = sourceFiles('src', 'test', 'bench', 'demo', 'docs')

describe('files', () => {
  it('are named for a concept, in kebab case', () => {
    const misnamed = everywhere.filter(({ path }) => {
      const parts = path.replace(/(\.(property|suite))?(\.test)?\.ts$/, '').split('/')
      return parts.some((part) => emptyNames.includes(part) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(part))
    })
    expect(misnamed.map(({ path }) => path)).toEqual([])
  })

  it('of the product hold one concept each', () => {
    const long = everywhere
      .filter((file) => file.path.startsWith('src/') && !isTest(file))
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > maxLines)
    expect(long).toEqual([])
  })

  it('have named exports only', () => {
    const isDefault = (statement: ts.Statement): boolean =>
      ts.isExportAssignment(statement) ||
      (ts.canHaveModifiers(statement) &&
        (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword))
    const withDefault = everywhere.filter(({ path, text }) =>
      ts.createSourceFile(path, text, ts.ScriptTarget.Latest).statements.some(isDefault),
    )
    expect(withDefault.map(({ path }) => path)).toEqual([])
  })

  it('end in .test.ts below src only beside what they test', () => {
    const paths = new Set(everywhere.map(({ path }) => path))
    const orphans = [...paths].filter(
      (path) =>
        path.startsWith('src/') &&
        path.endsWith('.test.ts') &&
        !paths.has(path.replace(/(\.property)?\.test\.ts$/, '.ts')),
    )
    expect(orphans).toEqual([])
  })
})
