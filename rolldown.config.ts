import { readFileSync } from 'node:fs'
import { defineConfig, type Plugin } from 'rolldown'

/**
 * Hundreds of small modules each: finding and opening them would be a third of every start. All other dependencies stay
 * outside, above all what speaks to the network: its fixes reach an installation without a new version of this package.
 */
const bundled = [
  { name: 'kysely', licence: 'LICENSE' },
  { name: 'typebox', licence: 'license' },
]

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> }
const outside = Object.keys(manifest.dependencies).filter((name) => !bundled.some((one) => one.name === name))

/** Copies of the two come with their licence, as it asks. */
const licences: Plugin = {
  name: 'licences',
  generateBundle() {
    for (const { name, licence } of bundled) {
      const source = readFileSync(`node_modules/${name}/${licence}`, 'utf8')
      this.emitFile({ type: 'asset', fileName: `licences/${name}.txt`, source })
    }
  },
}

/** The published package. Its declarations are made by TypeScript (tsconfig.build.json). */
export default defineConfig({
  input: { index: 'src/index.ts', testing: 'src/testing.ts', 'cli/main': 'src/cli/main.ts' },
  platform: 'node',
  external: (id) => outside.some((name) => id === name || id.startsWith(`${name}/`)),
  transform: { target: 'node22.12' },
  plugins: [licences],
  output: {
    dir: 'dist',
    cleanDir: true,
    // one folder deep, as in src, so that `../../web/` is found from both
    chunkFileNames: 'parts/[name]-[hash].js',
  },
})
