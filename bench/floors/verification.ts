/** The floor of resolutions: the official library checks one signature after the other and does nothing else. */
import { createServer } from 'node:http'
import { deriveKeypair, generateSeed, sign, verify } from 'ripple-keypairs'
import { sayListening } from './listening.ts'

const { publicKey, privateKey } = deriveKeypair(generateSeed({ algorithm: 'ecdsa-secp256k1' }))
/** As long as what is signed of a sign-in. */
const message = '53545800'.padEnd(160, 'AB')
const signature = sign(message, privateKey)

const server = createServer((request, response) => {
  const seconds = Number(request.url!.slice(1))
  const begin = performance.now()
  let count = 0
  while (performance.now() < begin + seconds * 1_000) {
    if (!verify(message, signature, publicKey)) throw new Error('the signature does not hold')
    count++
  }
  response.end(JSON.stringify({ perSecond: (count / (performance.now() - begin)) * 1_000 }))
})
server.listen({ port: 0, host: '127.0.0.1' }, () => sayListening(server))
process.once('SIGTERM', () => process.exit(0))
