#!/usr/bin/env node
// In a checkout the sources run as they are (Node strips the types); the published package has only dist/.
import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'

// every start after the first skips compiling some hundred modules
enableCompileCache()

// the system's resolver holds a thread of Node's pool until it has an answer: four names whose servers are dead would hold
// up every other webhook
process.env.UV_THREADPOOL_SIZE ??= '32'

const source = new URL('../src/cli/main.ts', import.meta.url)
const compiled = new URL('../dist/cli/main.js', import.meta.url)
const { main } = await import((existsSync(source) ? source : compiled).href)
await main(process.argv)
