import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { root } from './source-files.ts'

/** What a module exports, types marked; `export *` counts as a name that nobody expects. */
const exportsOf = (path: string): string[] => {
  const { statements } = ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true)
  return statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) {
      if (statement.exportClause === undefined || ts.isNamespaceExport(statement.exportClause)) return ['*']
      const { elements } = statement.exportClause
      return elements.map(({ name, isTypeOnly }) =>
        isTypeOnly || statement.isTypeOnly ? `type ${name.text}` : name.text,
      )
    }
    const isExported =
      ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    if (!isExported) return []
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) => name.getText())
    }
    if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
      return [`type ${statement.name.text}`]
    return ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) ? [statement.name!.text] : ['?']
  })
}

/** Whatever stands here can be relied on by others: adding to it is a promise, taking from it breaks one. */
const surface: Record<string, { source: string; exports: string[] }> = {
  '.': {
    source: 'src/index.ts',
    exports: [
      'ConfigurationError',
      'createServer',
      'describeRefusal',
      'isRefusal',
      'readConfiguration',
      'refusals',
      'type Configuration',
      'type ReceivedWebhook',
      'type Refusal',
      'type RefusalReason',
      'type Server',
      'type WebhookVerdict',
      'verifyWebhook',
    ],
  },
  './testing': {
    source: 'src/testing.ts',
    exports: ['startTestServer', 'type TestApplication', 'type TestServer', 'type TestServerOptions'],
  },
}

it.each(Object.entries(surface))('the package exports from %s what is listed here', (_, { source, exports }) => {
  expect(exportsOf(source).toSorted()).toEqual(exports)
})

it('the package has no other way in, and each has a source', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, { types: string; default: string }>
  }
  expect(Object.keys(manifest.exports).toSorted()).toEqual(Object.keys(surface).toSorted())
  for (const [way, { types, default: code }] of Object.entries(manifest.exports)) {
    const source = surface[way]!.source
    expect([types, code]).toEqual(['d.ts', 'js'].map((ending) => source.replace(/^src(.*)ts$/, `./dist$1${ending}`)))
    expect(existsSync(join(root, source))).toBe(true)
  }
})
