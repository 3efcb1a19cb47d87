/** X.509 certificates made in the test that needs them, since Node signs but makes none: no key is kept anywhere. */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'

export interface Certificate {
  readonly name: string
  readonly cert: string
  readonly key: string
}

export interface CertificateOptions {
  /** The one host it is for, also the name of whoever it certifies. */
  readonly host: string
  /** Left out, it is self-signed. */
  readonly issuer?: Certificate
  readonly authority?: boolean
  readonly notAfter?: Date
}

/** Valid from 2020 on. Source of the structure: RFC 5280, section 4.1; of its encoding: ITU-T X.690 (DER). */
export const makeCertificate = (options: CertificateOptions): Certificate => {
  const { host, issuer, authority = false, notAfter = new Date(Date.UTC(2099, 0, 1)) } = options
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signed = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    nameOf(issuer?.name ?? host),
    sequence(time(new Date(Date.UTC(2020, 0, 1))), time(notAfter)),
    nameOf(host),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions(host, authority))),
  )
  const signature = sign('sha256', signed, issuer?.key ?? privateKey)
  const der = sequence(signed, ecdsaWithSha256, bits(signature))
  return { name: host, cert: pem(der), key: pemOf(privateKey) }
}

const tagged = (tag: number, ...contents: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(contents)
  const { length } = content
  const header = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...header]), content])
}
const sequence = (...contents: readonly Uint8Array[]): Buffer => tagged(0x30, ...contents)
const integer = (bytes: Uint8Array): Buffer => tagged(0x02, bytes)
const bits = (bytes: Uint8Array): Buffer => tagged(0x03, Buffer.from([0]), bytes)
const time = (date: Date): Buffer =>
  tagged(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`))

const objectId = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'))
const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'))
const commonName = objectId('550403')
const basicConstraints = objectId('551d13')
const subjectAltName = objectId('551d11')

const nameOf = (name: string): Buffer => sequence(tagged(0x31, sequence(commonName, tagged(0x0c, Buffer.from(name)))))

const extensions = (host: string, authority: boolean): Buffer[] => {
  const yes = tagged(0x01, Buffer.from([0xff]))
  const names = sequence(tagged(0x82, Buffer.from(host)))
  return [
    sequence(basicConstraints, yes, tagged(0x04, sequence(...(authority ? [yes] : [])))),
    sequence(subjectAltName, tagged(0x04, names)),
  ]
}

const pem = (der: Buffer): string =>
  ['-----BEGIN CERTIFICATE-----', ...der.toString('base64').match(/.{1,64}/g)!, '-----END CERTIFICATE-----', ''].join(
    '\n',
  )
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()
