import { setTimeout } from 'node:timers/promises'
import type { Measurement } from '../bench.ts'
import { beside } from '../database/applications.ts'
import { Numbers, withDatabase } from '../database/prepared-database.ts'
import { atLeast } from '../figures.ts'
import { startCountersign } from '../servers/countersign.ts'
import type { Subject } from '../servers/subject.ts'

/** More applications than attempts for one at a time need to fill all places. */
const applications = 16
const receiverDelay = 50

/** Everything is owed before the server starts: it works off what is due as fast as it can. */
export const webhooks: Measurement = {
  about: 'webhook deliveries per second to receivers that take 50 ms, and memory meanwhile',
  run: (bench) =>
    withDatabase('SQLite', (database) =>
      bench.withLoad(async (receiving) => {
        const urls = await receiving.run('receive', { count: applications, delay: receiverDelay })
        const perApplication = bench.size('payloads', 2_000, 20_000) / applications
        const numbers = new Numbers()
        const ours: Subject = {
          name: 'countersign',
          role: 'ours',
          missing: null,
          start: () => startCountersign(database.environment, bench.options.serve),
        }
        const answer = await bench.compare(
          [ours],
          {
            rate: { what: 'webhook deliveries, each answered after 50 ms', unit: 'per s', goal: atLeast(1_000) },
            peak: { what: '  resident at most', unit: 'MiB' },
            after: { what: '  resident afterwards', unit: 'MiB' },
            cpu: { what: '  CPU for 1,000', unit: 'ms' },
          },
          async (subject) => {
            const count = perApplication * applications
            await beside(database, async ({ addApplication, owe }) => {
              for (const webhookUrl of urls) {
                const { id } = await addApplication(webhookUrl)
                await owe({ id, webhookUrl }, numbers.take(perApplication), perApplication)
              }
            })
            return bench.onServer(subject, async ({ process }) => {
              const cpuBefore = process.cpuTime()
              const rate = await receiving.measure('receivedRate', { count, seconds: 120 })
              await setTimeout(500)
              const cpu = ((process.cpuTime() - cpuBefore) / count) * 1_000
              const peak = process.peakBytes() / 2 ** 20
              return { rate, cpu, peak, after: (await process.settledBytes()) / 2 ** 20 }
            })
          },
        )
        await receiving.run('stopReceiving', undefined)
        return answer
      }),
    ),
}
