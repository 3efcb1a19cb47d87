/** The project's own TypeScript files, as the boundary tests read them. */
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')

export interface SourceFile {
  /** Relative to the root of the project, with forward slashes: `src/payload/facts.ts`. */
  readonly path: string
  readonly text: string
}

/** Every `.ts` file below these folders of the project; a folder that does not exist has none. */
export const sourceFiles = (...folders: string[]): SourceFile[] =>
  folders
    .flatMap((folder) => filesBelow(join(root, folder)))
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => ({ path: relative(root, file).split(sep).join('/'), text: readFileSync(file, 'utf8') }))

const filesBelow = (folder: string): string[] => {
  try {
    return (
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        // packages that the bench compares with are installed below it
        .filter((path) => !path.includes(`${sep}node_modules${sep}`))
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

export const isTest = (file: SourceFile): boolean => file.path.endsWith('.test.ts')
