import { STATUS_CODES } from 'node:http'
import type { Milliseconds } from '../clock.ts'
import type { Answered, AttemptResult } from './attempt-result.ts'
import type { ConnectionStage } from './checked-connection.ts'
import type { UrlProblem } from './target.ts'

const problemsOfUrls: Record<UrlProblem, string> = {
  malformed: 'the URL is malformed',
  scheme: 'the URL is neither http nor https',
  notHttps: 'the URL is not https, and this application wants its webhooks to go to https only',
}

/** What a stage is called by those who waited for it. */
const stages: Record<ConnectionStage, string> = {
  name: "the receiver's name could not be looked up",
  connection: 'no connection could be made',
  tls: 'no secure connection could be made',
  exchange: 'the connection broke before an answer came',
}

const waits: Record<ConnectionStage, string> = {
  name: "the receiver's name was not resolved",
  connection: 'no connection came about',
  tls: 'the TLS handshake was not finished',
  exchange: 'no answer came',
}

/** Codes of Node, its TLS and undici, where more can be said than the stage. */
const problems: Readonly<Record<string, string>> = {
  // name
  ENOTFOUND: "the receiver's name does not exist",
  ENODATA: "the receiver's name has no address",
  EAI_AGAIN: "the receiver's name could not be looked up just now",
  ESERVFAIL: "the receiver's name server failed",
  ETIMEOUT: "the receiver's name server did not answer",
  // connection
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset before an answer came',
  ETIMEDOUT: 'the receiver did not take the connection',
  EHOSTUNREACH: 'no route leads to the receiver',
  ENETUNREACH: 'no route leads to the receiver',
  // TLS
  CERT_HAS_EXPIRED: "the receiver's certificate has expired",
  CERT_NOT_YET_VALID: "the receiver's certificate is not valid yet",
  CERT_REVOKED: "the receiver's certificate was revoked",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the receiver's certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "the receiver's certificate comes from an authority that is not trusted here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the receiver's certificate comes from an authority that is not trusted here",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "the receiver's certificate comes from an authority that is not trusted here, or came without the intermediate ones",
  ERR_TLS_CERT_ALTNAME_INVALID: "the receiver's certificate is for another host",
  ERR_SSL_WRONG_VERSION_NUMBER: 'the receiver does not speak TLS on this port',
  EPROTO: 'the receiver and this server have no way of TLS in common',
  // exchange
  UND_ERR_SOCKET: 'the connection was closed before an answer came',
  EPIPE: 'the connection was closed before an answer came',
  UND_ERR_HEADERS_OVERFLOW: 'the answer has too large headers',
  HTTP_PARSER: 'the answer is not HTTP',
}

const endings: Record<Answered['ending'], string> = {
  whole: '',
  long: '; the rest of its body was not read',
  late: '; its body did not end in time',
  broken: '; the connection broke within its body',
}

/** What became of an attempt, for the person who looks after the receiver. @param timeLimit that the attempt had */
export const outcomeWords = (result: AttemptResult, timeLimit: Milliseconds): string => {
  switch (result.stage) {
    case 'answered':
      return `answered ${statusWords(result.status)}${redirectWords(result)}${endings[result.ending]}`
    case 'url':
      return problemsOfUrls[result.problem]
    case 'address':
      return `the address ${result.address} may not be reached: it is ${result.objection}`
    case 'timeout':
      return `${waits[result.during]} within ${timeLimit / 1000} s`
    case 'stopped':
      return 'the server stopped'
    case 'name':
    case 'connection':
    case 'tls':
    case 'exchange':
      return `${problems[result.code] ?? stages[result.stage]} (${result.code})`
  }
}

const statusWords = (status: number): string => {
  const words = STATUS_CODES[status]
  return words === undefined ? String(status) : `${status} ${words}`
}

const redirectWords = ({ status, location }: Answered): string => {
  if (status < 300 || status > 399 || location === null) return ''
  // no more than fits on the line that it is shown on, and nothing that would leave it
  const target = location.replace(/[^\x20-\x7e]/g, '').slice(0, 200)
  return `, a redirect to ${target}; redirects are not followed`
}
