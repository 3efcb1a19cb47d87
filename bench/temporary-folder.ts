import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders = new Set<string>()
process.once('exit', () => folders.forEach(removeTemporaryFolder))

/** An empty folder that is gone when this process ends, however it ends. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
  folders.add(folder)
  return folder
}

/** Before that, for what is large. */
export const removeTemporaryFolder = (folder: string): void => {
  folders.delete(folder)
  rmSync(folder, { recursive: true, force: true })
}
