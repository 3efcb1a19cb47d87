import { Agent, request } from 'node:http'

const agent = new Agent({ keepAlive: true })

/** @returns the body of a 200; anything else is a fault of the measurement */
export const post = (url: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<any> => {
  const text = JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers },
      },
      (answer) => {
        let received = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => (received += chunk))
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve(JSON.parse(received))
          else reject(new Error(`POST ${url} answered ${answer.statusCode}: ${received}`))
        })
      },
    )
    asked.on('error', reject)
    asked.end(text)
  })
}

/** Runs `step` for each number below `count`, this many at a time. */
export const inParallel = async (
  count: number,
  atOnce: number,
  step: (index: number) => Promise<unknown>,
): Promise<void> => {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await step(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
