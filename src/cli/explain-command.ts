import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { readTime } from '../admin-api/time.ts'
import { explainWebhook, type Finding } from '../webhook/explain-webhook.ts'
import { parseHeaderFile } from './header-file.ts'
import { columns, CommandFailure, outputTo } from './output.ts'

/** `countersign webhook explain`: why a webhook that arrived does not verify; needs neither server nor database. */
export const explainCommand = (write: (text: string) => void): Command =>
  new Command('explain')
    .description('say step by step why a webhook that arrived does or does not verify')
    .requiredOption('--headers <file>', 'its headers: lines of name: value, or JSON')
    .requiredOption('--body <file>', 'its body, exactly as it arrived')
    .requiredOption('--secret <secret>', "the application's API secret, or its whsec_ form")
    .option('--computed <signature>', "what the receiver's own code computed: says in which step that differs")
    .option('--at <time>', 'when it arrived, in ISO 8601; now when left out')
    .option('--json', 'print JSON for programs')
    .action(async (options: ExplainOptions) => {
      const { secret, computed, at } = options
      const now = at === undefined ? Date.now() : readTime(at)
      if (now === null) throw new CommandFailure('--at must be a time such as 2026-01-31T12:00:00Z')
      const explanation = explainWebhook({
        headers: parseHeaderFile(await readFile(options.headers, 'utf8')),
        body: await readFile(options.body),
        secret,
        now,
        ...(computed !== undefined && { computed }),
      })
      const verdict = explanation.accepted ? 'It verifies.' : 'It does not verify.'
      const words = `${columns(explanation.findings.map(findingRow))}\n\n${verdict}`
      outputTo(write, options.json === true).show(explanation, words)
    })

interface ExplainOptions {
  readonly headers: string
  readonly body: string
  readonly secret: string
  readonly computed?: string
  readonly at?: string
  readonly json?: boolean
}

const findingRow = ({ step, right, words }: Finding): string[] => [right ? 'right' : 'WRONG', step, words]
