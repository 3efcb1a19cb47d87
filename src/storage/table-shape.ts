import type Sqlite from 'better-sqlite3'

/** A table as the database itself describes it. */
export interface TableShape {
  readonly name: string
  readonly columns: readonly string[]
  /** The columns of the primary key, in its order. */
  readonly key: readonly string[]
  /** Tables whose rows its rows need. */
  readonly references: readonly string[]
}

/** Every table of a SQLite database except SQLite's own; each after those it references. */
export const readTableShapes = (connection: Sqlite.Database): TableShape[] => {
  const names = connection.prepare(
    `select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by rowid`,
  )
  const shapes = (names.all() as { name: string }[]).map(({ name }) => readTableShape(connection, name))
  return shapes.reduce<TableShape[]>((ordered, shape) => withReferencesFirst(shape, shapes, ordered), [])
}

const readTableShape = (connection: Sqlite.Database, name: string): TableShape => {
  const columns = connection.pragma(`table_info("${name}")`) as { name: string; pk: number }[]
  const references = connection.pragma(`foreign_key_list("${name}")`) as { table: string }[]
  return {
    name,
    columns: columns.map((column) => column.name),
    key: columns
      .filter(({ pk }) => pk > 0)
      .toSorted((one, other) => one.pk - other.pk)
      .map((column) => column.name),
    references: [...new Set(references.map(({ table }) => table))],
  }
}

const withReferencesFirst = (
  shape: TableShape,
  shapes: readonly TableShape[],
  ordered: readonly TableShape[],
): TableShape[] => {
  if (ordered.includes(shape)) return [...ordered]
  const needed = shapes.filter(({ name }) => name !== shape.name && shape.references.includes(name))
  return [
    ...needed.reduce<TableShape[]>((before, one) => withReferencesFirst(one, shapes, before), [...ordered]),
    shape,
  ]
}
